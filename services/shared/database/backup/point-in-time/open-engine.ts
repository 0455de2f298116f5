import { hubError } from '@quantum-hub/kernel';
import { findProgram } from '../programs.ts';
import { PgBackRestEngine, pgbackrestFor } from './engines/pgbackrest.ts';
import { PlainEngine } from './engines/plain.ts';
import type { EngineName, Pitr } from './settings-file.ts';

/** The two ways, and no third. */
export type Engine = PlainEngine | PgBackRestEngine;

export async function openEngine(pitr: Pitr): Promise<Engine> {
  if (pitr.engine === 'plain') return new PlainEngine(pitr);
  // Its own error says how to get it, where there is none at all.
  const program = (await pgbackrestFor(pitr.major)) ?? (await findProgram('pgbackrest')).command[0];
  if (program) return new PgBackRestEngine(pitr, program);
  throw hubError('database.pitr_not_set_up', { dir: pitr.dir });
}

/**
 * pgBackRest where it is there, knows this major and finds a Unix socket of the server; else PostgreSQL's own programs.
 * Throws what is missing for the engine that was asked for.
 */
export async function chooseEngine(
  asked: EngineName | undefined,
  { major, socketDir }: { major: number; socketDir: string | undefined },
): Promise<EngineName> {
  const pgbackrest = await pgbackrestFor(major);
  if (asked === 'pgbackrest') {
    if (!pgbackrest) {
      const { version } = await findProgram('pgbackrest');
      throw unsupported(`PostgreSQL ${major} in its version ${version}`, 'install a newer one');
    }
    if (!socketDir) {
      throw unsupported(
        'a server without a Unix socket',
        'set unix_socket_directories, or give QHUB_HOME a shorter path',
      );
    }
  }
  if (asked !== 'plain' && pgbackrest && socketDir) return 'pgbackrest';
  await findProgram('pg_basebackup', { exactly: major });
  await findProgram('pg_verifybackup', { exactly: major });
  return 'plain';
}

function unsupported(option: string, remedy: string): Error {
  return hubError('database.pitr_option_unsupported', { engine: 'pgbackrest', option, remedy });
}
