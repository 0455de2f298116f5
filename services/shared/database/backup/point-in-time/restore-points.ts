/** Named restore points, also noted in a file: after a disaster nobody else knows which base backup comes before them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { writeOwned } from './owned-files.ts';
import { maintenance, service } from './server-facts.ts';
import type { Pitr } from './settings-file.ts';

const schema = z.array(z.object({ name: z.string(), at: z.iso.datetime(), lsn: z.string() }));

export type RestorePoint = z.output<typeof schema>[number];

export function readRestorePoints(dir: string): RestorePoint[] {
  const path = fileIn(dir);
  return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
}

/** Writes a name into the log, to which a recovery can go. At most 63 bytes; each name once. */
export async function createRestorePoint(
  pitr: Pitr,
  admin: ConnectionSettings,
  name: string,
): Promise<RestorePoint> {
  const known = readRestorePoints(pitr.dir);
  const taken = known.find((point) => point.name === name);
  if (taken) throw hubError('database.pitr_restore_point_taken', { name, at: taken.at });
  await using connection = await connectAdmin(maintenance(admin), { service });
  const { rows } = await connection.query<{ lsn: string; at: Date }>(
    'select pg_create_restore_point($1)::text as lsn, clock_timestamp() as at',
    [name],
  );
  const point = { name, lsn: rows[0]?.lsn ?? '', at: (rows[0]?.at ?? new Date()).toISOString() };
  writeOwned(fileIn(pitr.dir), `${JSON.stringify([...known, point], null, 2)}\n`, pitr.account);
  return point;
}

function fileIn(dir: string): string {
  return join(dir, 'restore-points.json');
}
