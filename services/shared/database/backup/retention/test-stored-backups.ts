/** Backups for tests of the store: whole by their manifests, with a file of one letter each. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { backupName, renderManifest } from '../manifest/manifest.ts';
import type { BackupStore } from '../store/store.ts';

/** Gives the name. */
export async function storeBackup(store: BackupStore, takenAt: Date, bytes = 1): Promise<string> {
  const draft = await store.begin(backupName('hub', takenAt));
  const content = Buffer.alloc(bytes, 'x');
  await draft.write('dump.pgdump', Readable.from([content]));
  await draft.write('roles.sql', Readable.from([content]));
  const sha256 = createHash('sha256').update(content).digest('hex');
  await draft.publish(
    renderManifest({
      format: 'quantum-hub-backup',
      formatVersion: 1,
      name: draft.name,
      database: 'hub',
      takenAt: takenAt.toISOString(),
      serverVersion: '15.18',
      programVersion: '15.18',
      migrations: [],
      dump: { format: 'custom', path: 'dump.pgdump' },
      roles: { path: 'roles.sql', passwords: false },
      encryption: null,
      contents: { tables: {}, sequences: {}, objects: {} },
      files: ['dump.pgdump', 'roles.sql'].map((path) => ({ path, bytes, sha256 })),
      durations: { dumpMs: 0, digestMs: 0 },
    }),
  );
  return draft.name;
}
