/** Guarantee: what is done for backups is on record also when no server answers; a turn is done once, and made up when missed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Hidden, isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { verifiedBackups } from '../backup/runs/run.ts';
import type { BackupConfig } from '../backup/settings.ts';
import { localStore } from '../backup/store/local-store.ts';
import { placeOf, withoutPrograms } from '../backup/test-backups.ts';
import { createTestDatabase, type TestDatabase, testFolder } from '../testing/index.ts';
import { onRecord, readRunsAt } from './backup-runs-place.ts';
import { backupStatusAt } from './backup-status-place.ts';
import { pruneBackupsAt, runBackupTurnAt } from './backup-turn-place.ts';
import { DatabasePlace } from './database-place.ts';

let db: TestDatabase;
let place: DatabasePlace;
const folder = testFolder('qhub-backups-');
const home = join(folder.path, 'home');
const config: BackupConfig = { place: { kind: 'folder', path: join(folder.path, 'backups') }, keys: {} };
const store = localStore(join(folder.path, 'backups'));
const upkeep = {
  schedule: undefined,
  verifiedWithinHours: 48,
  figures: join(folder.path, 'figures', 'backup.prom'),
};
before(async () => {
  db = await createTestDatabase();
  const found = await placeOf(db);
  place = new DatabasePlace({ ...found.config, home }, found.admin);
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

/** The same hub, whose server does not answer. */
const lost = () => {
  if (place.config.kind !== 'server') throw new Error('tests have a server');
  return { ...place.config, port: 1, host: '127.0.0.1', admin: { user: 'x', password: new Hidden('x') } };
};

describe('runs on record', () => {
  it('wait on the disk while no server answers, and are in the table once one does', async () => {
    const fails = async (): Promise<string> => Promise.reject(new Error('the disk is full'));
    await assert.rejects(
      onRecord(lost(), { kind: 'create', place: '/b' }, fails, () => ({})),
      /the disk is full/,
    );
    const before = await readRunsAt(lost());
    assert.deepEqual([before.reached, before.runs.length], [false, 1]);
    assert.equal(readdirSync(join(home, 'backup-runs')).length, 1);

    const made = async () => ({ name: 'good' });
    const facts = ({ name }: { name: string }) => ({ backup: name, bytes: 12 });
    await onRecord(place.config, { kind: 'verify', place: '/b' }, made, facts);
    const { reached, runs } = await readRunsAt(place.config);
    assert.deepEqual(
      [reached, runs.map(({ kind, ok, backup, bytes, error }) => [kind, ok, backup, bytes, error])],
      [
        true,
        [
          ['verify', true, 'good', 12, null],
          ['create', false, null, null, 'the disk is full'],
        ],
      ],
    );
    assert.deepEqual(readdirSync(join(home, 'backup-runs')), []);
    assert.deepEqual([...verifiedBackups(runs, '/b')], ['good']);
    assert.deepEqual([...verifiedBackups(runs, '/elsewhere')], []);
  });

  it('a backup whose last verification failed is not a verified one', async () => {
    const fails = async (): Promise<string> => Promise.reject(new Error('other rows'));
    const run = { kind: 'verify', place: '/b', backup: 'good' } as const;
    await assert.rejects(onRecord(place.config, run, fails, () => ({})));
    assert.deepEqual([...verifiedBackups((await readRunsAt(place.config)).runs, '/b')], []);
  });
});

describe('a turn of the schedule', () => {
  const schedule = '0 2 * * *';
  const retention = { last: 1, daily: 0, weekly: 0, monthly: 0 };

  it('waits for nobody who holds the lock, and a prune says who to wait for', async () => {
    const other = new Client(db.administrator);
    await other.connect();
    try {
      await other.query('select pg_advisory_lock(7000400)');
      const turn = await runBackupTurnAt(place, { schedule, config, retention });
      assert.deepEqual(turn, { outcome: 'not due' });
      await assert.rejects(pruneBackupsAt(place, store, retention), (error) =>
        isHubError(error, 'database.backup_busy'),
      );
      assert.deepEqual(await store.names(), []);
    } finally {
      await other.end();
    }
  });

  it('that was missed is made up once, however many ask; the state is well then, and the figures say so', async (t) => {
    const skip = await withoutPrograms(db);
    if (skip) return t.skip(skip);
    const asked = await Promise.all(
      [1, 2, 3].map(() => runBackupTurnAt(place, { schedule, config, retention })),
    );
    const made = asked.filter(({ outcome }) => outcome === 'made');
    assert.equal(made.length, 1);
    assert.deepEqual(await runBackupTurnAt(place, { schedule, config, retention }), { outcome: 'not due' });
    const [name] = await store.names();
    const { runs } = await readRunsAt(place.config);
    const own = runs.filter((run) => run.place === store.place);
    assert.deepEqual(own.map(({ kind, ok }) => [kind, ok]).toReversed(), [
      ['create', true],
      ['verify', true],
      ['prune', true],
    ]);
    assert.deepEqual([...verifiedBackups(runs, store.place)], [name]);

    const status = await backupStatusAt(place.config, { place: config.place, upkeep });
    const judged = new Map(status.judgements.map(({ name, ok }) => [name, ok]));
    assert.deepEqual([judged.get('verified backup'), judged.get('last runs')], [true, true]);
    const figures = readFileSync(upkeep.figures, 'utf8');
    assert.match(figures, /^qhub_backup_last_run_success\{kind="verify"\} 1$/m);
    assert.match(figures, /^qhub_backup_alarm\{name="verified backup"\} 0$/m);

    const later = new Date(Date.now() + 3 * 86_400_000);
    const stale = await backupStatusAt(place.config, { place: config.place, upkeep, now: later });
    assert.equal(stale.alarm, true);
    assert.match(readFileSync(upkeep.figures, 'utf8'), /^qhub_backup_alarm\{name="verified backup"\} 1$/m);
    const again = await runBackupTurnAt(place, { schedule, config, retention, now: () => later });
    assert.deepEqual(
      again.outcome === 'made' && again.removed,
      [name],
      'the next day’s, which prunes this one',
    );
  });
});
