/** Recovery with PostgreSQL's own programs, on one server, and what it does when something is wrong. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import type { BaseBackup } from './engine.ts';
import { makeBaseBackup } from './operations.ts';
import { createRestorePoint } from './restore-points.ts';
import { type ScratchServer, startArchivedScratchServer } from './scratch-server.ts';
import { withoutEngine } from './test-engines.ts';
import { Ledger } from './test-ledger.ts';

const skip = await withoutEngine('plain');
const options = { skip };

let scratch: ScratchServer;
let ledger: Ledger;
let first: BaseBackup;
let second: { id: string; moment: string };
let segments: string[];

before(async () => {
  if (skip) return;
  scratch = await startArchivedScratchServer({ engine: 'plain' });
  ledger = new Ledger(scratch);
  first = (await makeBaseBackup(scratch.pitr, scratch.admin)).backup;
  await ledger.write('one');
  segments = [await ledger.deliver()];
  second = await ledger.write('two');
  await createRestorePoint(scratch.pitr, scratch.admin, 'before three');
  await ledger.write('three');
  segments.push(await ledger.deliver());
});
after(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

const archived = (segment: string | undefined) => join(scratch.pitr.repository, 'wal', `${segment}.gz`);

async function withFile(path: string, change: () => void, work: () => Promise<void>): Promise<void> {
  copyFileSync(path, `${path}.spare`);
  change();
  try {
    await work();
  } finally {
    renameSync(`${path}.spare`, path);
  }
}

const fails = (code: string, says: RegExp) => (error: unknown) => {
  assert.ok(isHubError(error), String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  assert.deepEqual(ledger.leftovers(), []);
  return true;
};

test('the end of the archive brings everything back that reached it', options, async () => {
  assert.deepEqual(await ledger.recovered({ kind: 'latest' }), ['one', 'two', 'three']);
  assert.deepEqual(ledger.leftovers(), []);
});

test('a moment, a transaction and a restore point each end after the second write', options, async () => {
  const expected = ['one', 'two'];
  assert.deepEqual(await ledger.recovered({ kind: 'time', time: second.moment }), expected);
  assert.deepEqual(await ledger.recovered({ kind: 'transaction', id: second.id }), expected);
  assert.deepEqual(await ledger.recovered({ kind: 'restore-point', name: 'before three' }), expected);
});

test('a moment before the base backup is refused with the earliest one there is', options, async () => {
  const time = new Date(first.startedAt.getTime() - 60_000).toISOString();
  const earliest = new RegExp(first.stoppedAt.toISOString());
  await assert.rejects(
    ledger.recovered({ kind: 'time', time }),
    fails('database.pitr_target_too_early', earliest),
  );
});

test(
  'what the archive does not hold is no success: the recovery says where the archive ends',
  options,
  async () => {
    await assert.rejects(
      ledger.recovered({ kind: 'time', time: '2100-01-01T00:00:00Z' }),
      fails('database.pitr_target_not_reached', /2100-01-01.*last transaction is of \d{4}-/),
    );
  },
);

test(
  'a missing segment is named, for the end of the archive and for a moment after it',
  options,
  async () => {
    const [gone] = segments;
    const named = new RegExp(String(gone));
    await withFile(
      archived(gone),
      () => renameSync(archived(gone), `${archived(gone)}.away`),
      async () => {
        const missing = fails('database.pitr_wal_missing', named);
        await assert.rejects(ledger.recovered({ kind: 'latest' }), missing);
        await assert.rejects(ledger.recovered({ kind: 'time', time: second.moment }), missing);
      },
    );
  },
);

test('a damaged segment is named and not taken for the end of the archive', options, async () => {
  const path = archived(segments[1]);
  await withFile(
    path,
    () => writeFileSync(path, readFileSync(path).subarray(0, 4000)),
    () =>
      assert.rejects(
        ledger.recovered({ kind: 'latest' }),
        fails('database.pitr_wal_damaged', new RegExp(String(segments[1]))),
      ),
  );
});

test('one changed byte of a base backup is found before anything is started', options, async () => {
  const path = join(scratch.pitr.repository, 'base', first.label, 'base.tar.gz');
  await withFile(
    path,
    () => {
      const bytes = readFileSync(path);
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
    () =>
      assert.rejects(
        ledger.recovered({ kind: 'latest' }),
        fails('database.pitr_backup_damaged', /base\.tar\.gz is not what was written/),
      ),
  );
});

test('a backup that is not there is told with those that are', options, async () => {
  await assert.rejects(
    ledger.recovered({ kind: 'latest' }, 'nonsense'),
    fails('database.pitr_backup_unknown', new RegExp(`nonsense.*${first.label}`)),
  );
});
