import { startSharedServer, connectAsAdmin } from '@quantum-hub/database/testing';
const server = await startSharedServer();
{
  const c = await connectAsAdmin(server as any, 'postgres');
  await c.query("alter system set shared_preload_libraries = 'pg_stat_statements'");
  await c.query("alter system set pg_stat_statements.track = 'all'").catch((e) => console.log(e.message));
  await c.end();
  await server.halt(); await server.resume();
}
const { openTestExecution } = await import('../services/execution/test-execution.ts');
const { hubQueue } = await import('./queues/hub-queue.ts');
const ex = await openTestExecution();
await ex.test.admin.query("create extension pg_stat_statements");
await ex.test.admin.query("set pg_stat_statements.track_planning = on").catch((e) => console.log(e.message));
await ex.test.admin.query("alter database " + ex.test.name + " set pg_stat_statements.track_planning = on");
await ex.test.admin.query("alter database " + ex.test.name + " set pg_stat_statements.track = 'all'");
const q = await hubQueue(ex, 1);
const N = 300;
for (let r = 0; r < 4; r++) {
  if (r === 1) await ex.test.admin.query("select pg_stat_statements_reset()");
  const t = performance.now();
  const done = q.completed(N);
  let n = 0;
  await Promise.all(Array.from({ length: 8 }, async () => { while (n++ < N) await q.submit(); }));
  const s = performance.now();
  await done;
  const e = performance.now();
  console.log(`${(N / (e - t) * 1000).toFixed(0)}/s (submit ${(N/(s-t)*1000).toFixed(0)}, drain ${((e-s)).toFixed(0)} ms)`);
}
const { rows } = await ex.test.admin.query(`select calls, round((total_exec_time+total_plan_time)::numeric) total, round(mean_exec_time::numeric, 3) exec, round(mean_plan_time::numeric,3) plan, toplevel t, left(regexp_replace(query, '\\s+', ' ', 'g'), 90) q from pg_stat_statements order by total_exec_time + total_plan_time desc limit 25`);
console.table(rows);
await q[Symbol.asyncDispose](); await ex[Symbol.asyncDispose]();
await server.stop();
