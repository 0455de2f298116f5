/** A server like the one of docker-compose.yml, and a `docker` that runs the commands of `compose exec` against it here. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { startTestServer } from '@quantum-hub/database/testing';

type Server = Awaited<ReturnType<typeof startTestServer>>;

/** In Compose the login of the hub is the superuser of its server. */
export const composeLogin = { user: 'quantum_user', password: 'quantum_password', database: 'quantum_hub' };

/** The statements that the image runs when it initialises, for psql. */
export const initialise = [
  `create role ${composeLogin.user} superuser login password '${composeLogin.password}'`,
  `create database ${composeLogin.database} owner ${composeLogin.user}`,
];

/** No container is started: `docker compose exec [-T] postgres COMMAND` runs COMMAND at the server, with the image's own PGPASSWORD. */
export function fakeDocker(folder: string, { host, port }: Server): string {
  const bin = join(folder, 'fake-bin');
  mkdirSync(bin);
  const script = `#!/bin/bash
[ "$1 $2" = "compose exec" ] || exit 1
shift 2; [ "$1" = "-T" ] && shift; [ "$1" = "postgres" ] && shift
PGHOST=${host} PGPORT=${port} PGPASSWORD=${composeLogin.password} exec "$@"
`;
  writeFileSync(join(bin, 'docker'), script);
  chmodSync(join(bin, 'docker'), 0o755);
  return bin;
}
