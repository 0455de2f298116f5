/** An entry of `packages` in a package-lock.json of version 3, as far as it matters here. */
interface LockEntry {
  name?: string;
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

const platform =
  /(android|darwin|freebsd|linux|openharmony|win32|windows)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)/;

/**
 * Adds an entry for each optional package that the lock leaves out, and returns the paths of those it added.
 *
 * npm drops an optional package from the lock when the registry in use does not have it (mirrors often carry the
 * platforms of their owner only), and `npm ci` then refuses the whole lock as out of date. An entry without an
 * integrity hash is enough for it, and a machine of that platform gets the package from its own registry.
 */
export function completeLock(lock: Lock): string[] {
  const added: string[] = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(lock, path, name) || !platform.test(name)) continue;
      const place = `node_modules/${name}`;
      lock.packages[place] = newEntry(name, range, entry.dev === true);
      added.push(place);
    }
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  return added;
}

/** Looks where Node would look: in the package's own node_modules, then in every one above it. */
function isLocked(lock: Lock, path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

function newEntry(name: string, range: string, dev: boolean): LockEntry {
  const [, real, aliased] = /^npm:(.+)@(.+)$/.exec(range) ?? [];
  const [, os = '', cpu = ''] = platform.exec(name) ?? [];
  const libc = name.includes('musl') ? 'musl' : 'glibc';
  return {
    ...(real ? { name: real } : {}),
    version: (aliased ?? range).replace(/^[\^~]/, ''),
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(/-(musl|gnu)/.test(name) ? { libc: [libc] } : {}),
    optional: true,
    os: [os === 'windows' ? 'win32' : os],
  };
}
