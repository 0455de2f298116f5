import type { ConnectionSettings } from '../../connection/client.ts';

/** What PostgreSQL's own programs need to log in as these settings do; passwords never stand in arguments, which `ps` shows. */
export function libpqEnvironment(settings: ConnectionSettings): Record<string, string | undefined> {
  const { host, port, user, password, database, tls } = settings;
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: typeof password === 'object' ? password.reveal() : password,
    PGSSLMODE: tls?.mode,
    PGAPPNAME: 'quantum-hub:backup',
  };
}
