/** What `pitr init` decided, in `pitr.json`: enough to recover when the server and its data are gone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import { type Account, serverAccount } from '../../server/index.ts';
import { writeOwned } from './owned-files.ts';

export const engineNames = ['pgbackrest', 'plain'] as const;
export type EngineName = (typeof engineNames)[number];

const schema = z.object({
  engine: z.enum(engineNames),
  /** The server of this checkout, or one of the operator's. */
  kind: z.enum(['embedded', 'server']),
  /** Absolute. Empty where there is a bucket. */
  repository: z.string(),
  /** `s3://BUCKET/PATH`, where the archive lies in one. */
  bucket: z.string().optional(),
  /** Of the live server, absolute. */
  dataDir: z.string(),
  /** The folder of its Unix socket; it may have none. */
  socketDir: z.string().optional(),
  /** PostgreSQL's own number of this server's data, which no other server has. */
  systemId: z.string(),
  major: z.number().int(),
  adminUser: z.string(),
  /** How many base backups (of pgBackRest: full ones) are kept. */
  keepFull: z.number().int().min(1),
  /** A segment that is not full goes to the archive after this time, if anything was written. */
  archiveTimeoutSeconds: z.number().int().min(1),
});

type PitrSettings = z.output<typeof schema>;

/** The recovery of one server: its settings, and where its files lie. */
export interface Pitr extends PitrSettings {
  /** Our own folder: settings, the programs that archive, pgBackRest's configuration. */
  readonly dir: string;
  /** The system user of the server's files and programs. */
  readonly account: Account;
}

/** Where the archive lies, for people. */
export function archivePlace({ bucket, repository }: Pick<Pitr, 'bucket' | 'repository'>): string {
  return bucket ?? repository;
}

export function readPitr(dir: string): Pitr {
  const path = join(dir, 'pitr.json');
  if (!existsSync(path)) throw hubError('database.pitr_not_set_up', { dir });
  const settings = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { ...settings, dir, account: serverAccount({ dataDir: dir }) };
}

export function writePitr({ dir, account, ...settings }: Pitr): void {
  writeOwned(join(dir, 'pitr.json'), `${JSON.stringify(schema.parse(settings), null, 2)}\n`, account);
}
