import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { ConnectionSettings } from './client.ts';

type Variables = Record<string, string | undefined>;

export interface LibpqEnvironment extends Disposable {
  readonly variables: Variables;
}

/**
 * Environment variables for PostgreSQL's own programs: they get exactly our connection, and the password in no argument
 * that `ps` shows. `options` are settings of the session. Dispose of it when the program has ended.
 */
export function libpqEnvironment(
  settings: ConnectionSettings,
  { name, options = {}, env = process.env }: LibpqOptions,
): LibpqEnvironment {
  // What libpq would read beside ours, such as PGSERVICE or PGHOSTADDR, would lead elsewhere.
  const rest = Object.entries(env).filter(([variable]) => !/^PG[A-Z]/.test(variable));
  const { password } = settings;
  const { variables, dispose } = tlsVariables(settings);
  return {
    variables: {
      ...Object.fromEntries(rest),
      PGHOST: settings.host,
      PGPORT: String(settings.port),
      PGDATABASE: settings.database,
      PGUSER: settings.user,
      PGPASSWORD: typeof password === 'object' ? password.reveal() : password,
      PGAPPNAME: `quantum-hub:${name}`,
      PGOPTIONS: Object.entries(options)
        .map(([setting, value]) => `-c ${setting}=${value}`)
        .join(' '),
      PGGSSENCMODE: 'disable',
      ...variables,
    },
    [Symbol.dispose]: dispose,
  };
}

export interface LibpqOptions {
  /** How the connection is called on the server, after `quantum-hub:`. */
  readonly name: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly env?: Variables;
}

/** libpq takes certificates as files only. */
function tlsVariables({ tls }: ConnectionSettings): { variables: Variables; dispose: () => void } {
  if (!tls || tls.mode === 'disable') return { variables: { PGSSLMODE: 'disable' }, dispose: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'qhub-libpq-'));
  const file = (name: string, pem: string | undefined) => {
    if (pem === undefined) return undefined;
    writeFileSync(join(folder, name), pem, { mode: 0o600 });
    return join(folder, name);
  };
  // Without a root of the operator's the hub trusts Node's, and so should libpq; `require` trusts anyone.
  const root = tls.rootCertificate ?? (tls.mode === 'require' ? undefined : rootCertificates.join('\n'));
  return {
    variables: {
      PGSSLMODE: tls.mode,
      PGSSLROOTCERT: file('root.pem', root) ?? join(folder, 'none'),
      PGSSLCERT: file('certificate.pem', tls.certificate) ?? join(folder, 'none'),
      PGSSLKEY: file('key.pem', tls.key?.reveal()) ?? join(folder, 'none'),
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
