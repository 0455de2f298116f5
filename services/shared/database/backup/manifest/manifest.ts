/** What a backup says of itself, in `manifest.json`: the last file that is written, and the one that is never encrypted. */
import { z } from 'zod';
import { propertyShape } from '../contents/database-properties.ts';
import { digestOf } from './canonical-json.ts';

export const manifestFile = 'manifest.json';

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestShape = z.strictObject({
  format: z.literal('quantum-hub-backup'),
  formatVersion: z.literal(1),
  name: z.string(),
  database: z.string(),
  /** Owner, rights, settings, comment and connection limit of the database; the first backups had none. */
  properties: z.array(propertyShape).optional(),
  /** The moment that dump and digests show. */
  takenAt: z.iso.datetime(),
  /** Such as `15.18`, of the server and of pg_dump. */
  serverVersion: z.string(),
  programVersion: z.string(),
  /** Applied ones, with the SHA-256 of their files. */
  migrations: z.array(z.strictObject({ name: z.string(), sha256 })),
  dump: z.strictObject({
    /** `custom` is one file, `directory` one a table. */
    format: z.enum(['custom', 'directory']),
    path: z.string(),
  }),
  roles: z.strictObject({ path: z.string(), passwords: z.boolean() }),
  /** Null when the files lie open. `key` is the file that holds the key of all others. */
  encryption: z
    .strictObject({
      scheme: z.literal('age'),
      to: z.enum(['passphrase', 'recipient']),
      key: z.string(),
    })
    .nullable(),
  contents: z.strictObject({
    /** Rows, and the sum of the rows' hashes: the same in any order. */
    tables: z.record(z.string(), z.strictObject({ rows: count, digest: z.string() })),
    /** The value before and after the dump: sequences belong to no transaction. */
    sequences: z.record(z.string(), z.strictObject({ before: z.string(), after: z.string() })),
    /** Everything else, by `kind name`, such as `policy` and `grant`, with a hash of what the catalog says. */
    objects: z.record(z.string(), z.string()),
  }),
  /** As they lie in the backup, that is encrypted. */
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256 })),
  durations: z.strictObject({ dumpMs: count, digestMs: count }),
});

export type Manifest = z.output<typeof manifestShape>;
export type Contents = Manifest['contents'];
export type BackupFile = Manifest['files'][number];
export type BackupEncryption = NonNullable<Manifest['encryption']>;

/** The text of the file. It ends with the checksum of everything before. */
export function renderManifest(manifest: Manifest): string {
  const ordered = manifestShape.parse(manifest);
  return `${JSON.stringify({ ...ordered, checksum: digestOf(ordered) }, null, 1)}\n`;
}

export type ReadManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'foreign'; readonly reason: string };

/** Takes a manifest only when each of its bytes is as it was written. */
export function readManifest(text: string): ReadManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'damaged', reason: 'it is no JSON any more' };
  }
  const { checksum, ...rest } = (value ?? {}) as { checksum?: unknown; formatVersion?: unknown };
  if (checksum !== digestOf(rest))
    return { kind: 'damaged', reason: 'its checksum is not that of its content' };
  const { success, data, error } = manifestShape.safeParse(rest);
  if (!success) return { kind: 'foreign', reason: foreignReason(rest.formatVersion, error) };
  // Spaces and ways to write a number are no content, and yet somebody changed them.
  const same = renderManifest(data) === text;
  return same ? { kind: 'manifest', manifest: data } : { kind: 'damaged', reason: 'it was written anew' };
}

function foreignReason(version: unknown, error: z.ZodError): string {
  if (typeof version === 'number' && version > 1) {
    return `it is of format ${version}, and this version of Quantum Hub knows format 1: use a newer one`;
  }
  const [issue] = error.issues;
  return `it is no manifest of a backup (${issue?.path.join('.') || 'the whole'}: ${issue?.message})`;
}

/** A name in the order of time: `quantum_hub_20261122T203836Z`. */
export function backupName(database: string, takenAt: Date): string {
  const time = takenAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${database.replace(/[^\w.-]/g, '_').replace(/^[.-]/, '_')}_${time}`;
}
