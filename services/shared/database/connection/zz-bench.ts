import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { Note } from './scratch-schema.ts';
import { openTestHub } from './test-hub.ts';

await using hub = await openTestHub();
const actor = randomUUID();
const db = hub.open({ pool: { max: 4 } });
const pool = new Pool({ ...hub.settings, max: 4 });
const sql = 'select id, owner, text, amount from scratch.notes where owner = $1 order by id desc limit 20';
const begin = `begin; set local role "qhub_execution"; select pg_catalog.set_config('qhub.actor', '${actor}', true)`;
for (let i = 0; i < 50; i++)
  await hub.test.admin.query('insert into scratch.notes values ($1,$2,$3,1)', [
    randomUUID(),
    i % 2 ? actor : randomUUID(),
    `n${i}`,
  ]);
const bareN = async (name?: string) => {
  const c = await pool.connect();
  try {
    await c.query(begin);
    const r = await c.query({ name, text: sql, values: [actor] });
    await c.query('commit');
    return r.rows;
  } finally {
    c.release();
  }
};
const scope = { as: 'execution', actor } as const;
const cases: Record<string, () => Promise<unknown>> = {
  'bare prepared': () => bareN('list'),
  'bare set local': async () => {
    const c = await pool.connect();
    try {
      await c.query(`begin; set local role "qhub_execution"; set local qhub.actor = '${actor}'`);
      const r = await c.query({ name: 'list', text: sql, values: [actor] });
      await c.query('commit');
      return r.rows;
    } finally {
      c.release();
    }
  },
  'bare unprepared': () => bareN(),
  'getDb prepared': () => db.getDb((d) => d.query({ name: 'list', text: sql, values: [actor] }), scope),
  'getDb query': () => db.getDb((d) => d.query(sql, [actor]), scope),
  'getDb kysely': () =>
    db.getDb(
      (d) =>
        d.kysely
          .selectFrom('scratch.notes')
          .select(['id', 'owner', 'text', 'amount'])
          .where('owner', '=', actor)
          .orderBy('id', 'desc')
          .limit(20)
          .execute(),
      scope,
    ),
  'getDb em': () =>
    db.getDb((d) => d.em.find(Note, { owner: actor }, { orderBy: { id: 'desc' }, limit: 20 }), scope),
};
const total: Record<string, number> = {};
const n: Record<string, number> = {};
const conc = Number(process.argv[2] ?? 1),
  per = 300;
for (let round = 0; round < 9; round++)
  for (const [name, run] of Object.entries(cases)) {
    const t = performance.now();
    await Promise.all(
      Array.from({ length: conc }, async () => {
        for (let i = 0; i < per / conc; i++) await run();
      }),
    );
    if (round > 1) {
      total[name] = (total[name] ?? 0) + performance.now() - t;
      n[name] = (n[name] ?? 0) + per;
    }
  }
const base = total['bare prepared']! / n['bare prepared']!;
for (const name of Object.keys(cases)) {
  const ms = total[name]! / n[name]!;
  console.log(name.padEnd(18), (ms * 1000).toFixed(0).padStart(6), 'us', (base / ms).toFixed(2));
}
await pool.end();
