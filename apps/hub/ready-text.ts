import type { PlaceDescription, PreparedPlace } from '@quantum-hub/database/admin';

/** What is told of a hub that is up. */
export interface ReadyHub {
  readonly place: { describe(): PlaceDescription };
  readonly prepared: PreparedPlace;
  readonly url: string | undefined;
}

/** What a person reads when the hub is up: where it is, what was done, what to do next. Never a password. */
export function readyText({ place, prepared, url }: ReadyHub): string {
  const description = place.describe();
  const { database, user, passwordIn } = description;
  return `
Quantum Hub is up.

  Hub       ${url === undefined ? 'listens nowhere; --port gives it health and figures' : `${url}, described at ${url}/docs`}
  Server    ${serverText(description)}
  Database  ${database}, login ${user} (password: ${passwordIn})
  Prepared  ${preparedText(prepared)}
${prepared.warnings.map(({ sentence, statement }) => `  Note      ${sentence}; a superuser would run: ${statement}\n`).join('')}
Next, from another terminal in this checkout:
  npx qhub db psql --as execution   SQL, as one of the services
  npx qhub db health                is everything as it should be?
  npx qhub db server status         the server, its files, and who uses it
  README.md                         everything else

Ctrl-C stops it.`;
}

/** The same for a log: no password, and no path. */
export function readyFacts({ place, prepared, url }: ReadyHub): Record<string, unknown> {
  const { kind, host, port, database } = place.describe();
  const notes = prepared.warnings.map(({ sentence }) => sentence);
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
