import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One major of PostgreSQL as package.json beside this file pins it for the machine we run on. */
export interface Major {
  major: string;
  /** Exact npm version. */
  version: string;
  /** Folder with `postgres` and `initdb`. It exists after `install()`. */
  bin: string;
}

type Manifest = { optionalDependencies: Record<string, string> };

const here = import.meta.dirname;

/** Every major of the matrix, in order. The aliases of package.json are `pg<major>-<platform>-<arch>`. */
export function readMajors(platform = `${process.platform}-${process.arch}`): Major[] {
  const manifest: Manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  const majors = Object.entries(manifest.optionalDependencies).flatMap(([alias, spec]) => {
    const major = alias.slice('pg'.length, alias.indexOf('-'));
    const bin = join(here, 'node_modules', alias, 'native/bin');
    return alias === `pg${major}-${platform}`
      ? [{ major, version: spec.slice(spec.lastIndexOf('@') + 1), bin }]
      : [];
  });
  if (majors.length === 0)
    throw new Error(`the PostgreSQL matrix has no programs for ${platform}: run it on Linux or macOS`);
  return majors.sort((a, b) => a.major.localeCompare(b.major));
}

/** Runs `npm ci` in this folder, unless the pinned versions are there already. */
export function install(majors: readonly Major[]): void {
  if (majors.every(isInstalled)) return;
  process.stdout.write('npm ci in tools/postgres-matrix (about 300 MB unpacked)\n');
  const npm = spawnSync('npm', ['ci', '--prefix', here, '--include=optional', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: 'inherit',
  });
  if (npm.status !== 0)
    throw new Error(`npm ci failed in ${here} with exit code ${npm.status}: see its message above`);
  const missing = majors.filter((major) => !isInstalled(major)).map(({ major }) => major);
  if (missing.length > 0) {
    throw new Error(
      `npm ci left out PostgreSQL ${missing.join(', ')} in ${here}: run it again without --ignore-scripts`,
    );
  }
}

function isInstalled({ version, bin }: Major): boolean {
  const manifest = join(bin, '../../package.json');
  // libpq.so without a number is a link that only the package's install script makes.
  const isLinked = process.platform !== 'linux' || existsSync(join(bin, '../lib/libpq.so'));
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version && isLinked;
}
