/** Finding PostgreSQL's own programs, of a version that fits the server. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import type { ConnectionSettings } from '../connection/client.ts';
import type { Program, ProgramName } from './programs/program.ts';
import { askVersion } from './programs/program-version.ts';
import { composeProgram } from './programs/programs-in-compose.ts';

export type { Program, ProgramName } from './programs/program.ts';

export interface ProgramNeeds {
  /** The lowest major that will do, such as that of the server; of those that fit the nearest is taken. */
  readonly atLeast?: number;
  /** The only major that will do. */
  readonly exactly?: number;
  /** The server that the program is for: lets it run in the container of that server, when nothing else is there. */
  readonly server?: ConnectionSettings;
}

/**
 * Finds a program in `QHUB_POSTGRES_BIN`, on PATH, in the folders where distributions keep each version, or in the
 * container of the Compose file. Throws `database.program_missing`, which says what was found and how to get the right one.
 */
export async function findProgram(name: ProgramName, needs: ProgramNeeds = {}): Promise<Program> {
  const { QHUB_POSTGRES_BIN: own, PATH } = process.env;
  const named = own ? await programIn(own, name) : undefined;
  if (named && fits(named, needs)) return named;
  const folders = [...(PATH ?? '').split(delimiter).filter(Boolean), ...versionedFolders()];
  const found: Program[] = [];
  for (const folder of folders) {
    const program = await programIn(folder, name);
    if (program) found.push(program);
  }
  const fitting = found.filter((program) => fits(program, needs));
  const [nearest] = fitting.sort((one, other) => one.major - other.major);
  if (nearest) return nearest;
  const contained = needs.server && (await composeProgram(name, needs.server));
  if (contained && fits(contained, needs)) return contained;
  throw missing(name, needs, [named, ...found, contained]);
}

/** The same, or undefined where there is none. */
export async function lookForProgram(name: ProgramName, needs?: ProgramNeeds): Promise<Program | undefined> {
  return await findProgram(name, needs).catch(() => undefined);
}

function fits({ major }: Program, { atLeast, exactly }: ProgramNeeds): boolean {
  return major >= (atLeast ?? 0) && (exactly === undefined || major === exactly);
}

async function programIn(folder: string, name: ProgramName): Promise<Program | undefined> {
  const path = join(folder, name);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return undefined;
  }
  const version = await askVersion([path]);
  if (version === undefined) return undefined;
  return { name, command: [path], version, major: Number.parseInt(version, 10), where: 'local' };
}

/** Debian's, Red Hat's, Homebrew's, the installers' and Postgres.app's. */
const versioned: readonly { folder: string; entry: RegExp; bin: string }[] = [
  { folder: '/usr/lib/postgresql', entry: /^\d+$/, bin: 'bin' },
  { folder: '/usr', entry: /^pgsql-\d+$/, bin: 'bin' },
  { folder: '/opt/homebrew/opt', entry: /^(postgresql@\d+|libpq)$/, bin: 'bin' },
  { folder: '/usr/local/opt', entry: /^(postgresql@\d+|libpq)$/, bin: 'bin' },
  { folder: '/Library/PostgreSQL', entry: /^\d+$/, bin: 'bin' },
  { folder: '/Applications/Postgres.app/Contents/Versions', entry: /^\d+$/, bin: 'bin' },
];

function versionedFolders(): string[] {
  return versioned.flatMap(({ folder, entry, bin }) =>
    entriesOf(folder)
      .filter((name) => entry.test(name))
      .map((name) => join(folder, name, bin)),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function missing(name: ProgramName, needs: ProgramNeeds, seen: readonly (Program | undefined)[]): Error {
  const { atLeast, exactly } = needs;
  const others = seen.filter((program) => program !== undefined);
  const wanted = exactly ?? atLeast;
  const version =
    wanted === undefined
      ? 'of any version'
      : `of version ${wanted}${exactly === undefined ? ' or newer' : ''}`;
  const found = others.map(({ command, version }) => `${command.join(' ')} is ${version}`).join(', ');
  return hubError('database.program_missing', {
    program: name,
    version,
    ...(found && { found }),
    remedy: remedyFor(name, wanted ?? 15),
  });
}

const ofTheServer: readonly ProgramName[] = ['initdb', 'pg_ctl', 'postgres', 'pg_verifybackup'];

function remedyFor(name: ProgramName, major: number): string {
  if (name === 'pgbackrest') return 'install it (Debian: apt-get install pgbackrest)';
  const debian = ofTheServer.includes(name) ? `postgresql-${major}` : `postgresql-client-${major}`;
  return `install it (Debian: apt-get install ${debian}, macOS: brew install postgresql@${major}), or name its folder in QHUB_POSTGRES_BIN`;
}
