/** Guarantee: a backup that is not byte for byte what was written is never taken for good, and what is wrong is named. */
import assert from 'node:assert/strict';
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { createTestDatabase, type TestDatabase, testFolder } from '../testing/index.ts';
import { createBackup } from './create/create-backup.ts';
import { listBackups } from './list-backups.ts';
import { digestOf } from './manifest/canonical-json.ts';
import { manifestFile } from './manifest/manifest.ts';
import { localStore } from './store/local-store.ts';
import { withoutPrograms } from './test-backups.ts';
import { verifyBackup } from './verify/verify-backup.ts';

/** `QHUB_TEST_DAMAGES=1000` for the long form. */
const damages = Number(process.env.QHUB_TEST_DAMAGES ?? 60);

let db: TestDatabase;
let skip: string | false;
let name = '';
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);
const root = () => join(folder.path, name);
const path = (file: string) => join(root(), file);

before(async () => {
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  if (!skip) ({ name } = await createBackup({ admin: db.administrator }, store));
});
after(async () => {
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

const quick = () => verifyBackup(store, name, { quick: true });

/** Spoils a file for as long as `work` takes. */
async function spoiled(
  file: string,
  spoil: (path: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const before = readFileSync(path(file));
  try {
    spoil(path(file));
    await work();
  } finally {
    writeFileSync(path(file), before);
  }
}

async function refused(code: 'database.backup_damaged' | 'database.backup_foreign', pattern: RegExp) {
  await assert.rejects(quick(), (error: Error) => {
    assert.ok(isHubError(error, code), String(error));
    assert.match(error.message, pattern);
    return true;
  });
}

describe('verify', () => {
  it(`finds each of ${damages} random changes and cuts, the manifest's too`, async (t) => {
    if (skip) return t.skip(skip);
    const files = readdirSync(root());
    assert.deepEqual(files.toSorted(), ['dump.pgdump', manifestFile, 'roles.sql']);
    for (let damage = 0; damage < damages; damage++) {
      const file = files[damage % files.length] ?? '';
      const { size } = statSync(path(file));
      const at = Math.floor(Math.random() * size);
      const bit = 1 << Math.floor(Math.random() * 8);
      const cut = damage % 5 === 0;
      const spoil = (target: string) => {
        if (cut) return truncateSync(target, at);
        const bytes = readFileSync(target);
        bytes[at] = (bytes[at] ?? 0) ^ bit;
        writeFileSync(target, bytes);
      };
      const what = `${file} ${cut ? 'cut' : `changed by ${bit}`} at ${at}`;
      await spoiled(file, spoil, () =>
        assert.rejects(
          quick(),
          (error) => isHubError(error, 'database.backup_damaged') && error.message.includes(file),
          what,
        ),
      );
    }
    await quick();
  });

  it('finds spaces that were added to the manifest, and members that were put in twice', async (t) => {
    if (skip) return t.skip(skip);
    for (const [from, to] of [
      ['\n}', '\n }'],
      ['{', '{"format":"x",'],
    ] as const) {
      const rewrite = (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
      await spoiled(manifestFile, rewrite, () => refused('database.backup_damaged', /manifest\.json/));
    }
  });

  it('names files that are missing, and files that are none of its own', async (t) => {
    if (skip) return t.skip(skip);
    renameSync(path('roles.sql'), path('strange.sql'));
    try {
      await refused(
        'database.backup_damaged',
        /strange\.sql is no file of this backup; roles\.sql is missing/,
      );
    } finally {
      renameSync(path('strange.sql'), path('roles.sql'));
    }
  });

  it('refuses a manifest of somebody else, and one of a later format, and says so', async (t) => {
    if (skip) return t.skip(skip);
    const signed = (content: object) => (file: string) =>
      writeFileSync(file, JSON.stringify({ ...content, checksum: digestOf(content) }));
    await spoiled(manifestFile, signed({ formatVersion: 2 }), () =>
      refused('database.backup_foreign', /of format 2/),
    );
    await spoiled(manifestFile, signed({ tool: 'other' }), () =>
      refused('database.backup_foreign', /no manifest/),
    );
  });

  it('finds a manifest that is well signed and does not fit its dump', async (t) => {
    if (skip) return t.skip(skip);
    const lie = (file: string) => {
      const { checksum: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
      manifest.contents.tables['execution.platforms'].rows += 1;
      const text = JSON.stringify({ ...manifest, checksum: digestOf(manifest) }, null, 1);
      writeFileSync(file, `${text}\n`);
    };
    await spoiled(manifestFile, lie, async () => {
      await quick();
      await assert.rejects(verifyBackup(store, name), (error: Error) => {
        assert.ok(isHubError(error, 'database.backup_differs'));
        assert.match(error.message, /the table execution\.platforms has 1 rows and not 2/);
        return true;
      });
    });
  });

  it('knows no backup that has no manifest, and the list shows a cut one as damaged', async (t) => {
    if (skip) return t.skip(skip);
    await spoiled(
      'dump.pgdump',
      (file) => truncateSync(file, 100),
      async () => {
        const [listed] = await listBackups(store);
        assert.deepEqual(listed, { name, state: 'damaged', reason: 'dump.pgdump is missing or cut' });
      },
    );
    await spoiled(manifestFile, rmSync, async () => {
      assert.deepEqual(await listBackups(store), []);
      await assert.rejects(quick(), (error) => isHubError(error, 'database.backup_not_found'));
    });
  });
});
