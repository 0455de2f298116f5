import type { SettingKey } from './settings-list.ts';

/** The parts of a URL, as the texts that the single settings would have. */
export type UrlParts = Partial<Record<SettingKey, string>>;

const parameters: Readonly<Record<string, SettingKey>> = {
  host: 'host',
  sslmode: 'tlsMode',
  sslrootcert: 'tlsRootCertificate',
  sslcert: 'tlsCertificate',
  sslkey: 'tlsKey',
};

function authority(url: URL): UrlParts {
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    host: decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port,
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

/**
 * Takes `postgresql://user:password@host:port/database?sslmode=...` apart. A fault is half a sentence that never
 * repeats the URL, since a password may stand in it.
 */
export function readDatabaseUrl(text: string): { parts: UrlParts; fault?: string } {
  const fail = (fault: string) => ({ parts: {}, fault });
  if (!/^postgres(ql)?:\/\//i.test(text)) return fail('has to start with postgresql://');
  const url = URL.parse(text);
  if (!url) {
    return fail(
      'is not a URL; expected one host, a port up to 65535, and %XX for special characters in the password',
    );
  }
  let parts: UrlParts;
  try {
    parts = authority(url);
  } catch {
    return fail('has a % without two hexadecimal digits after it; write a percent sign as %25');
  }
  for (const [name, value] of url.searchParams) {
    const key = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!key) {
      return fail(`has an unknown parameter "${name}"; expected ${Object.keys(parameters).join(', ')}`);
    }
    parts[key] = value;
  }
  if (!parts.host) return fail('names no host; expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE');
  return { parts };
}
