/** What a way of archiving can do: PostgreSQL's own programs, or pgBackRest. */
import type { ConnectionSettings } from '../../connection/client.ts';

/** A base backup, from which recovery starts. */
export interface BaseBackup {
  readonly label: string;
  readonly kind: 'full' | 'incremental';
  readonly startedAt: Date;
  /** Recovery can go to any moment after this one. */
  readonly stoppedAt: Date;
  /** The first segment of the log that recovery reads. */
  readonly startWal: string;
  readonly stopWal: string;
  /** What the repository holds for it, in bytes. */
  readonly bytes: number;
}

export interface Pruned {
  readonly backups: readonly string[];
  /** Segments of the log that no kept backup needs; pgBackRest does not tell how many. */
  readonly segments?: number;
}

export interface PitrEngine {
  /** Prepares the repository; to be called again without harm. */
  prepare(admin: ConnectionSettings): Promise<void>;
  /** For `archive_command`. */
  archiveCommand(): string;
  /** For `restore_command` of a server that recovers in this folder. */
  restoreCommand(dataDir: string): string;
  /** A new base backup, whole or not at all. */
  backup(admin: ConnectionSettings, kind: BaseBackup['kind']): Promise<BaseBackup>;
  /** Oldest first, whole ones only. */
  list(): Promise<BaseBackup[]>;
  /** Names of the segments in the archive, in order. */
  segments(): Promise<string[]>;
  /** Lays a backup out in an empty folder of the account's, each file checked against its checksum. */
  layOut(backup: BaseBackup, dataDir: string): Promise<void>;
  /** Removes what is older than retention says, and never the last good backup. */
  prune(): Promise<Pruned>;
  /** Checks what the engine itself knows to check, beyond a segment that arrives. */
  check(admin: ConnectionSettings): Promise<void>;
}
