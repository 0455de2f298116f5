import { type HubError, isHubError } from '@quantum-hub/kernel';
import { outputOf } from '../backup/programs/run-program.ts';
import { lookForProgram } from '../backup/programs.ts';
import type { RestoreSource } from '../backup/restore/restore-backup.ts';
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import { lookUpRecorded } from '../migrations/bookkeeping.ts';
import { ownerRole } from '../provision/roles.ts';
import { readAdministrator } from '../scratch/copied-administrator.ts';
import { readRoles } from '../scratch/copied-roles.ts';
import type { CopySource, CopyTarget } from '../scratch/prepare-copy.ts';
import { majorOf } from '../scratch/scratch-server.ts';
import { type DatabasePlace, embeddedLogin } from './database-place.ts';
import { enter } from './ensure-database.ts';

/** A database as it was found, and what a copy of it can be made from. */
export type FoundTarget = {
  readonly target: CopyTarget;
  readonly source: CopySource;
  /** Sentences without a full stop. */
  readonly notes: readonly string[];
};

/** Gives up waiting for a table that somebody locks wholly, since others would queue up behind us. */
const lockWaitMs = 10_000;

const dumpArguments = [
  '--schema-only',
  '--no-tablespaces',
  '--no-publications',
  '--no-subscriptions',
  '--no-security-labels',
  '--no-password',
  `--lock-wait-timeout=${lockWaitMs}`,
];

/** Reads all that a copy needs; changes nothing, and holds no lock that others have to wait for. */
export async function readTarget(
  place: DatabasePlace,
  service: string,
  onProgress: (line: string) => void,
): Promise<FoundTarget> {
  const { config, admin } = place;
  const applicationLogin = config.kind === 'server' ? config.login.user : embeddedLogin;
  const facts = { database: admin.database, applicationLogin };
  await using live = await connectIfThere(place, service);
  if (live === undefined) {
    await using entrance = await enter(admin, service);
    const administrator = await readAdministrator(entrance, admin.database);
    const target = { ...facts, administrator, major: await majorOf(entrance), recorded: [] };
    return {
      target,
      source: { kind: 'replay' },
      notes: [`the database "${admin.database}" does not exist yet`],
    };
  }
  const administrator = await readAdministrator(live, admin.database);
  const recorded = await lookUpRecorded(live);
  const target = { ...facts, administrator, major: await majorOf(live), recorded };
  onProgress(`Reading the schema of "${admin.database}".`);
  return { target, ...(await sourceOf(live, target.major)) };
}

/** The same of a backup that is to be tried in its place: the database itself is not looked into, and need not exist. */
export async function targetForBackup(
  { config, admin }: DatabasePlace,
  service: string,
  from: RestoreSource,
): Promise<FoundTarget> {
  await using entrance = await enter(admin, service);
  const applicationLogin = config.kind === 'server' ? config.login.user : embeddedLogin;
  const administrator = await readAdministrator(entrance, admin.database);
  const major = await majorOf(entrance);
  const target = { database: admin.database, applicationLogin, administrator, major, recorded: [] };
  const name = from.kind === 'file' ? from.path : from.name;
  const note = `the copy was made from the backup ${name}, with its rows: of the database itself nothing was read`;
  return { target, source: { kind: 'backup', from }, notes: [note] };
}

async function sourceOf(live: AdminConnection, major: number): Promise<Omit<FoundTarget, 'target'>> {
  const { settings } = live;
  const program = await lookForProgram('pg_dump', { atLeast: major, server: settings });
  if (program === undefined) return replay(`there is no pg_dump of version ${major} or newer`);
  let reason = '';
  // A login that may act as the owner need not inherit the owner's rights.
  for (const role of [[], [`--role=${ownerRole}`]]) {
    try {
      const dump = await outputOf(program, { settings, args: [...dumpArguments, ...role] });
      return { source: { kind: 'schema', dump, roles: await readRoles(live) }, notes: [] };
    } catch (error) {
      if (!isHubError(error)) throw error;
      reason ||= withoutStop(error);
    }
  }
  return replay(reason);
}

/** Better than no copy: what was done to the database by hand is all that it lacks. */
function replay(reason: string): Omit<FoundTarget, 'target'> {
  const note = `${reason}: the copy was made from the files of the migrations that the database has had, without what was changed by hand`;
  return { source: { kind: 'replay' }, notes: [note] };
}

function withoutStop({ message }: HubError): string {
  return message.replace(/\.$/, '');
}

async function connectIfThere(place: DatabasePlace, service: string): Promise<AdminConnection | undefined> {
  try {
    return await connectAdmin(place.admin, { service });
  } catch (error) {
    if (isHubError(error, 'database.unknown_database')) return undefined;
    throw error;
  }
}
