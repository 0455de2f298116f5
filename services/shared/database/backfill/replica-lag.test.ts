/** Guarantee: a backfill waits for a real streaming replica that falls behind, says so, and goes on when it has caught up. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { ThrowawayServer } from '../server/index.ts';
import { prepareDatabase } from '../setup/prepare-database.ts';
import { applicationLogin, startTestServer, type TestAddress } from '../testing/index.ts';
import { runBackfill } from './run-backfill.ts';
import { connectTo, makeProbe, probeBackfill, probeResult } from './test-probe.ts';
import { Replica, withoutReplicas } from './test-replica.ts';

const skip = withoutReplicas();
const database = 'probed';
/** Several MB of WAL. */
const rows = 20_000;
const withoutLimits = { maxLagSeconds: 3600, maxLagBytes: 2 ** 40, maxActive: 1000 };

let server: ThrowawayServer;
let address: TestAddress;
let admin: Client;
before(async () => {
  if (skip) return;
  // A server of its own: every backfill on a server waits for its replicas.
  server = await startTestServer();
  const { host, port, adminUser: user, adminPassword: password } = server;
  address = { host, port, user, password, database };
  const root = new Client({ ...address, database: 'postgres' });
  await root.connect();
  await root.query(`create database ${database}`);
  await root.end();
  admin = new Client(address);
  await admin.connect();
  await prepareDatabase(admin, { database, applicationLogin });
});
after(async () => {
  await admin?.end();
  await server?.stop();
});

/** Asks again and again until the answer is yes. */
async function until(session: Client, question: string): Promise<void> {
  while (!(await session.query(`select coalesce((${question}), false) as yes`)).rows[0].yes);
}

async function hasCaughtUp({ session }: Replica): Promise<void> {
  // The server of a test commits before it writes (synchronous_commit is off): a switch writes all that was committed.
  const { rows } = await admin.query('select pg_switch_wal() as lsn');
  await until(session, `select pg_last_wal_replay_lsn() >= '${rows[0].lsn}'`);
}

test('a replica that does not replay stops the run at so many bytes, before it changes a row', {
  skip,
}, async () => {
  await using replica = await Replica.start(server, database);
  await hasCaughtUp(replica);
  await replica.session.query('select pg_wal_replay_pause()');
  await makeProbe(admin, rows);
  const doneWhileWaiting: number[] = [];
  const reasons: string[] = [];
  const state = await runBackfill(connectTo(address), probeBackfill('bytes'), {
    limits: { ...withoutLimits, maxLagBytes: 2 ** 20 },
    onWaiting: (reason) => {
      reasons.push(reason);
      const goOn = async () => {
        doneWhileWaiting.push((await probeResult(admin)).done);
        await replica.session.query('select pg_wal_replay_resume()');
      };
      void goOn();
    },
  });
  for (const reason of reasons) assert.match(reason, /^a replica is \d+ MB behind, more than 1 MB$/);
  assert.ok(reasons.length > 0);
  assert.equal(doneWhileWaiting[0], 0);
  assert.deepEqual([state.status, state.rowsChanged], ['completed', rows]);
  await hasCaughtUp(replica);
  assert.equal((await probeResult(replica.session)).done, rows);
});

test('a replica that is seconds late stops the run until it is in time', { skip }, async () => {
  await using _replica = await Replica.start(server, database, '2s');
  await makeProbe(admin, 1000);
  await until(admin, "select replay_lag > '1 s' from pg_stat_replication");
  const reasons: string[] = [];
  const state = await runBackfill(connectTo(address), probeBackfill('seconds'), {
    limits: { ...withoutLimits, maxLagSeconds: 1 },
    onWaiting: (reason) => reasons.push(reason),
  });
  assert.match(reasons[0] ?? '', /^a replica is \d+\.\d s behind, more than 1 s$/);
  assert.deepEqual([state.status, state.rowsChanged], ['completed', 1000]);
});
