/** A server of its own that archives, for a drill where there is no live one, as in CI. Gone with its folder. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hidden } from '@quantum-hub/kernel';
import type { ConnectionSettings } from '../../connection/client.ts';
import {
  createThrowawayServer,
  GuardedFolder,
  serverAccount,
  type ThrowawayServer,
} from '../../server/index.ts';
import { type InitOptions, initialisePitr } from './initialise.ts';
import { makeOwnedFolder } from './owned-files.ts';
import { type Pitr, readPitr } from './settings-file.ts';

export class ScratchServer implements AsyncDisposable {
  readonly folder: string;
  readonly server: ThrowawayServer;
  readonly pitr: Pitr;
  readonly #guarded: GuardedFolder;

  constructor(guarded: GuardedFolder, server: ThrowawayServer, pitr: Pitr) {
    this.folder = guarded.path;
    this.server = server;
    this.pitr = pitr;
    this.#guarded = guarded;
  }

  get admin(): ConnectionSettings {
    return adminOf(this.server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.#guarded[Symbol.asyncDispose]();
  }
}

type ScratchOptions = Pick<
  InitOptions,
  'engine' | 'keepFull' | 'archiveTimeoutSeconds' | 'passphrase' | 's3'
>;

/** Starts it, sets it up and restarts it, so that it archives. */
export async function startArchivedScratchServer(options: ScratchOptions = {}): Promise<ScratchServer> {
  const account = serverAccount();
  const guarded = new GuardedFolder(join(tmpdir(), `qhub-pitr-${randomUUID().slice(0, 8)}`), account);
  try {
    const repository = join(guarded.path, 'repository');
    // The guard removes it as the account.
    makeOwnedFolder(repository, account);
    const server = await createThrowawayServer({ settings: { unix_socket_directories: guarded.socketDir } });
    try {
      const dir = join(guarded.path, 'pitr');
      await initialisePitr(adminOf(server), { ...options, kind: 'embedded', dir, repository, apply: true });
      await server.halt();
      await server.resume();
      return new ScratchServer(guarded, server, readPitr(dir));
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await guarded[Symbol.asyncDispose]();
    throw error;
  }
}

function adminOf(server: ThrowawayServer): ConnectionSettings {
  const { host, port, adminUser: user, adminPassword } = server;
  return { host, port, user, password: new Hidden(adminPassword), database: 'postgres' };
}
