import type { PlaceDescription, PreparedPlace } from '@quantum-hub/database/admin';

/** What a person reads when the hub is up: where it is, what was done, what to do next. Never a password. */
export function readyText(place: PlaceDescription, prepared: PreparedPlace): string {
  return `
Quantum Hub is up.

  Server    ${serverText(place)}
  Database  ${place.database}, login ${place.user} (password: ${place.passwordIn})
  Prepared  ${preparedText(prepared)}
${prepared.warnings.map(({ sentence, statement }) => `  Note      ${sentence}; a superuser would run: ${statement}\n`).join('')}
Next, from another terminal in this checkout:
  npx qhub db psql --as execution   SQL, as one of the services
  npx qhub db health                is everything as it should be?
  npx qhub db server status         the server, its files, and who uses it
  README.md                         everything else

Ctrl-C stops it.`;
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
