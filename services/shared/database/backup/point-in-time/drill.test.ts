import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { runDrill } from './drill.ts';
import { faultOfMarks, findMarks, writeMarks } from './drill-marks.ts';
import { runScratchDrill } from './drill-scratch.ts';
import { makeBaseBackup } from './operations.ts';
import { recover } from './recover.ts';
import { type ScratchServer, startArchivedScratchServer } from './scratch-server.ts';
import { withoutEngine } from './test-engines.ts';
import { Ledger } from './test-ledger.ts';

const skip = await withoutEngine('plain');
let scratch: ScratchServer;

before(async () => {
  if (!skip) scratch = await startArchivedScratchServer({ engine: 'plain' });
});
after(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

const folder = () => join(scratch.folder, 'recovered');

test('a drill without a base backup fails and says what to do', { skip }, async () => {
  const record = await runDrill(scratch.pitr, scratch.admin, { folder: folder() });
  assert.equal(record.ok, false);
  assert.equal(record.fault?.code, 'database.pitr_no_backup');
});

test('a drill finds the rows written after the base backup, none from after the moment, and measures', {
  skip,
}, async () => {
  const { backup } = await makeBaseBackup(scratch.pitr, scratch.admin);
  const record = await runDrill(scratch.pitr, scratch.admin, { folder: folder() });
  assert.equal(record.fault, undefined);
  assert.equal(record.ok, true);
  assert.deepEqual(record.found, { before: 3, after: 0 });
  assert.equal(record.backup, backup.label);
  const { rpo, rto } = record;
  assert.ok(rpo && rto);
  assert.equal(rpo.worst, rpo.delivery + 60);
  assert.ok(rpo.delivery > 0 && rto.layOut > 0 && rto.replay > 0);
  assert.ok(rto.total >= rto.layOut + rto.replay && rto.total < 300);
  const lines = readFileSync(join(scratch.pitr.dir, 'drills.jsonl'), 'utf8').trim().split('\n');
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), record);
});

test('a drill leaves the archive, the backups and the folder as they were', { skip }, async () => {
  const ledger = new Ledger(scratch);
  const engine = await ledger.engine();
  const before = { backups: await engine.list(), segments: await engine.segments() };
  await runDrill(scratch.pitr, scratch.admin, { folder: folder() });
  assert.deepEqual(await engine.list(), before.backups);
  const segments = await engine.segments();
  assert.deepEqual(segments.slice(0, before.segments.length), before.segments);
  assert.ok(
    segments.every((name) => name.startsWith('00000001')),
    'no other timeline came into the archive',
  );
  assert.deepEqual(ledger.leftovers(), []);
});

test('a drill fails when a segment between the base backup and the moment is lost', { skip }, async () => {
  const ledger = new Ledger(scratch);
  const lost = join(scratch.pitr.repository, 'wal');
  const known = readdirSync(lost);
  const record = await runDrill(scratch.pitr, scratch.admin, {
    folder: folder(),
    onDelivered: () => {
      for (const name of readdirSync(lost)) if (!known.includes(name)) rmSync(join(lost, name));
    },
  });
  assert.equal(record.ok, false);
  assert.equal(record.fault?.code, 'database.pitr_target_not_reached');
  assert.equal(record.found, undefined);
  assert.deepEqual(ledger.leftovers(), []);
});

test('the drill’s question tells a recovery that stopped at the base backup from one that reached the moment', {
  skip,
}, async () => {
  const ledger = new Ledger(scratch);
  await makeBaseBackup(scratch.pitr, scratch.admin);
  await using server = await connectAdmin(scratch.admin, { service: 'test' });
  const drill = '00000000-0000-7000-8000-000000000001';
  await writeMarks(server, drill);
  await ledger.deliver();
  const question = (kind: 'backup-end' | 'latest') =>
    ledger.engine().then((engine) =>
      recover(scratch.pitr, engine, {
        target: { kind },
        folder: folder(),
        keep: false,
        inspect: (recovered) => findMarks(recovered, drill),
      }),
    );
  assert.match(String(faultOfMarks((await question('backup-end')).seen)), /stopped too early/);
  assert.match(String(faultOfMarks((await question('latest')).seen)), /went too far/);
  assert.equal(faultOfMarks({ before: 3, after: 0 }), undefined);
});

test('pgBackRest passes the same drill on a server of its own', {
  skip: await withoutEngine('pgbackrest'),
}, async () => {
  const record = await runScratchDrill('pgbackrest');
  assert.equal(record.fault, undefined);
  assert.equal(record.ok, true);
  assert.deepEqual(record.found, { before: 3, after: 0 });
  assert.equal(record.engine, 'pgbackrest');
});
