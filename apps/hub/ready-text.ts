import type { PlaceDescription, PreparedPlace } from '@quantum-hub/database/admin';
import type { AdministratorKey } from '@quantum-hub/identity';

/** What is told of a hub that is up. */
export interface ReadyHub {
  readonly place: { describe(): PlaceDescription };
  readonly prepared: PreparedPlace;
  readonly url: string | undefined;
  readonly administrator: AdministratorKey | undefined;
}

/** What a person reads when the hub is up: where it is, what was done, what to do next. Never a password; the administrator's key at the first start, which is the only time that it can be shown. */
export function readyText({ place, prepared, url, administrator }: ReadyHub): string {
  const description = place.describe();
  const { database, user, passwordIn } = description;
  return `
Quantum Hub is up.

  Hub       ${url === undefined ? 'listens nowhere; --port gives it health and figures' : `${url}, described at ${url}/docs`}
  Server    ${serverText(description)}
  Database  ${database}, login ${user} (password: ${passwordIn})
  Prepared  ${preparedText(prepared)}
${prepared.warnings.map(({ sentence, statement }) => `  Note      ${sentence}; a superuser would run: ${statement}\n`).join('')}${administratorText(administrator)}
Next, from another terminal in this checkout:
  npx qhub signup                   an account, and a session that commands use
  npx qhub run examples/bell.qasm   a program on a simulator of this hub
  npx qhub db psql --as execution   SQL, as one of the services
  npx qhub doctor                   is everything as it should be?
  docs/tutorial.md                  all of it, step by step
  README.md                         everything else

Ctrl-C stops it.`;
}

/** Empty but at the first start. */
export function administratorText(administrator: AdministratorKey | undefined): string {
  if (administrator === undefined) return '';
  return `
The administrator "${administrator.username}" has this key, shown only now (lost: npx qhub admin key):

  ${administrator.key.reveal()}

It appoints people: QHUB_API_KEY=... npx qhub users roles NAME --add administrator
`;
}

/** The same for a log: no password, and no path. */
export function readyFacts({ place, prepared, url, administrator }: ReadyHub): Record<string, unknown> {
  const { kind, host, port, database } = place.describe();
  const notes = prepared.warnings.map(({ sentence }) => sentence);
  // A log is kept, and read by others: it gets no key.
  if (administrator) {
    const { username } = administrator;
    notes.push(
      `the administrator "${username}" was made; standard error has the key, npx qhub admin key makes another`,
    );
  }
  return { url, server: `${host}:${port}`, kind, database, prepared: preparedText(prepared), notes };
}

function serverText({ kind, host, port, version, startedHere }: PlaceDescription): string {
  if (kind === 'server') return `${host}:${port}`;
  return `${host}:${port}, embedded PostgreSQL ${version}, ${startedHere ? 'started now' : 'was up already'}`;
}

function preparedText({ created, migrations, partitions }: PreparedPlace): string {
  const done = [
    created ? 'a new database' : '',
    migrations.length ? `${counted(migrations.length, 'migration')} applied` : 'migrations up to date',
    partitions.length ? `${counted(partitions.length, 'partition')} made` : 'partitions up to date',
  ];
  return done.filter(Boolean).join(', ');
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
