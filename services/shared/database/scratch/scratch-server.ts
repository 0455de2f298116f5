/** Throw-away servers of the major that is asked for: there migrations are tried, never on a live one. */
import { hubError } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { createThrowawayServer, embeddedVersion, type ThrowawayServer } from '../server/index.ts';
import { serverProgramsOf } from './server-programs.ts';

/** A server on which databases may come and go, with a superuser's login. */
export type ScratchPlace = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
};

export class ScratchServer implements AsyncDisposable {
  readonly place: ScratchPlace;
  /** Such as `15.18`. */
  readonly version: string;
  readonly major: number;
  /** Where it is of another major than was asked for: which, and what to install. */
  readonly note: string | undefined;
  readonly #server: ThrowawayServer;

  constructor(server: ThrowawayServer, note?: string) {
    this.place = placeOn(server);
    this.version = server.version;
    this.major = Number.parseInt(server.version, 10);
    this.note = note;
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}

export type ScratchServerNeeds = {
  /** That of the database that matters. Without it: that of the embedded server. */
  readonly major?: number;
  /** Throws `database.scratch_major_missing` instead of taking the embedded server's major; this says what else can be done. */
  readonly otherwise?: string;
  readonly onProgress?: (line: string) => void;
};

/** For commands whose `--major` was asked for by name. */
export const withoutMajor = 'leave out --major';

/** Starts a server that is gone when disposed of, and with this process. Throws `HubError`. */
export async function startScratchServer({
  major,
  otherwise,
  onProgress = () => {},
}: ScratchServerNeeds = {}): Promise<ScratchServer> {
  const embedded = embeddedVersion();
  if (major === undefined || major === Number.parseInt(embedded, 10)) {
    return new ScratchServer(await createThrowawayServer());
  }
  const binaries = await serverProgramsOf(major);
  if (binaries) return new ScratchServer(await createThrowawayServer({ binaries, major }));
  if (otherwise !== undefined) {
    throw hubError('database.scratch_major_missing', { major, instead: embedded, otherwise });
  }
  const note =
    `no server programs of PostgreSQL ${major} were found, so PostgreSQL ${embedded} is used in their place; ` +
    `install them (Debian: apt-get install postgresql-${major}) or name their folder in QHUB_POSTGRES_BIN`;
  onProgress(`Note: ${note}.`);
  return new ScratchServer(await createThrowawayServer(), note);
}

/** Where and as whom databases are made on a throw-away server. */
export function placeOn(
  server: Pick<ThrowawayServer, 'host' | 'port' | 'adminUser' | 'adminPassword'>,
): ScratchPlace {
  const { host, port, adminUser: user, adminPassword: password } = server;
  return { host, port, user, password };
}

export async function majorOf(session: AdminSession): Promise<number> {
  const { rows } = await session.query(
    `select current_setting('server_version_num')::integer / 10000 as major`,
  );
  return Number(rows[0]?.major);
}
