import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { ConnectionSettings } from '@quantum-hub/database/admin';
import { type PromptScope, promptSearchPath } from './prompt-scope.ts';

type Variables = Record<string, string | undefined>;

export interface PsqlEnvironment extends Disposable {
  readonly variables: Variables;
}

/** Environment variables for libpq: psql gets exactly our connection, and the password in no argument that `ps` shows. */
export function psqlEnvironment(
  settings: ConnectionSettings,
  scope: PromptScope,
  env: Variables,
): PsqlEnvironment {
  // What libpq would read beside ours, such as PGSERVICE or PGHOSTADDR, would lead elsewhere.
  const rest = Object.entries(env).filter(([name]) => !/^PG[A-Z]/.test(name));
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
      PGAPPNAME: 'quantum-hub:psql',
      PGOPTIONS: startOptions(scope),
      PGGSSENCMODE: 'disable',
      ...variables,
    },
    [Symbol.dispose]: dispose,
  };
}

function startOptions({ role, actor }: PromptScope): string {
  const options = [`search_path=${promptSearchPath}`];
  if (role) options.push(`role=${role}`);
  if (actor) options.push(`qhub.actor=${actor}`);
  return options.map((option) => `-c ${option}`).join(' ');
}

/** libpq takes certificates as files only. */
function tlsVariables({ tls }: ConnectionSettings): { variables: Variables; dispose: () => void } {
  if (!tls || tls.mode === 'disable') return { variables: { PGSSLMODE: 'disable' }, dispose: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'qhub-psql-'));
  const file = (name: string, pem: string | undefined) => {
    if (pem === undefined) return undefined;
    writeFileSync(join(folder, name), pem, { mode: 0o600 });
    return join(folder, name);
  };
  // Without a root of the operator's the hub trusts Node's, and so should psql; `require` trusts anyone.
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
