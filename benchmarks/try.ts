import { openTestExecution } from '../services/execution/test-execution.ts';
import { hubQueue } from './queues/hub-queue.ts';
import { pgBossQueue, startPgBoss } from './queues/pg-boss-queue.ts';
import { graphileQueue } from './queues/graphile-queue.ts';
import { skipLockedQueue } from './queues/skip-locked-queue.ts';
const ex = await openTestExecution();
const admin = ex.test.administrator;
const boss = await startPgBoss(admin);
  const queues = [
    await hubQueue(ex, 1),
    await hubQueue(ex, 8),
    await pgBossQueue(boss, 'pg-boss 1', 'singleton', 1),
    await pgBossQueue(boss, 'pg-boss 8', 'singleton', 8),
    await graphileQueue(admin, { name: 'graphile 1', schema: 'g1', serial: true, atOnce: 1 }),
    await skipLockedQueue(ex, 1),
    await skipLockedQueue(ex, 8),
  ];
  const N = 200;
  for (let r = 0; r < 5; r++) {
    const out = [];
    for (const q of queues) {
      await using _w = await q.start();
      const t = performance.now();
      const done = q.completed(N);
      let n = 0;
      await Promise.all(Array.from({ length: 8 }, async () => { while (n++ < N) await q.submit(); }));
      const s = performance.now();
      await done;
      const e = performance.now();
      console.log(q.name, (e-t).toFixed()); out.push(`${q.name}: ${(N / (e - t) * 1000).toFixed(0)}/s (submit ${(N/(s-t)*1000).toFixed(0)})`);
    }
    console.log(out.join(' | '));
  }
  for (const q of queues) await q[Symbol.asyncDispose]();
await boss.stop();
await ex[Symbol.asyncDispose]();
