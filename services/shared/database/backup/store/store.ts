import type { Readable } from 'node:stream';
import { hubError } from '@quantum-hub/kernel';

export interface FileFacts {
  /** From the backup's folder on, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** A backup that was found whole, by its manifest being there. */
export interface StoredBackup {
  readonly name: string;
  files(): Promise<FileFacts[]>;
  /** Throws `database.backup_damaged` where the file is not there. */
  read(path: string): Promise<Readable>;
  /** Where the file lies on this machine, if it does. */
  localPath(path: string): string | undefined;
}

/** A backup that is being made: no list shows it before `publish`. */
export interface Draft {
  readonly name: string;
  /** A folder of its own, for a program that writes files itself. */
  readonly staging: string;
  /** Writes a file to its end, and to the disk itself. */
  write(path: string, source: Readable): Promise<void>;
  /** Makes the whole backup appear at once; the manifest is its last file. */
  publish(manifest: string): Promise<void>;
  /** Removes everything; harmless after `publish`. */
  discard(): Promise<void>;
}

/** Where backups are kept: a folder or a bucket. */
export interface BackupStore {
  /** For people: the folder, or `s3://bucket/prefix`. */
  readonly place: string;
  /** Names of whole backups, in the order of their names. */
  names(): Promise<string[]>;
  open(name: string): Promise<StoredBackup>;
  begin(name: string): Promise<Draft>;
  /** Removes a backup. It is out of every list before its first file goes: half of one is never taken for a backup. */
  remove(name: string): Promise<void>;
  /** Removes drafts whose makers are gone, and what is left of a removal that was cut off. */
  clearAbandoned(): Promise<void>;
}

export function placeError(place: string, error: unknown): Error {
  const { code, message, name } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOSPC: 'no space is left there',
    EDQUOT: 'the quota is used up',
    EACCES: 'it may not be read or written by this user',
    EPERM: 'it may not be read or written by this user',
    EROFS: 'it is read-only',
    ENOTDIR: 'it is no folder',
    ECONNREFUSED: 'nobody answers there',
  };
  const reason = reasons[code ?? ''] ?? (message || name || code || 'unknown');
  return hubError('database.backup_place_unusable', { place, reason }, { cause: error });
}

export function notFound(name: string, place: string): Error {
  return hubError('database.backup_not_found', { name, place });
}

export function missingFile(name: string, path: string): Error {
  return hubError('database.backup_damaged', { name, faults: `${path} is missing` });
}
