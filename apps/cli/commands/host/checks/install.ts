import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../../output.ts';
import { type Finding, failed, ok, warning } from '../check.ts';

interface Locked {
  readonly version?: string;
  /** A workspace. */
  readonly link?: boolean;
  /** Of other platforms, or not needed. */
  readonly optional?: boolean;
  readonly dev?: boolean;
}

/** The Node that runs, which `npm ci` brings along. */
export function checkNode(root: string, running = process.versions.node): Finding {
  const wanted: string = readJson(join(root, 'package.json')).dependencies.node;
  if (running === wanted) return ok('node', `Node ${running} runs, as package.json asks`);
  const text = `Node ${running} runs, and package.json asks for ${wanted}`;
  const advice = 'run `npm ci`, and start with `npm start` or `npx qhub`, which use the Node that it brings';
  const same = running.split('.')[0] === wanted.split('.')[0];
  return same ? warning('node', text, advice) : failed('node', text, advice);
}

/** Each package that the lock file names, against the one that is there. What only developers need may be left out. */
export function checkInstall(root: string): Finding {
  const locked = Object.entries<Locked>(readJson(join(root, 'package-lock.json')).packages);
  const packages = locked.filter(([path, { link }]) => path.includes('node_modules/') && !link);
  const wrong = packages.flatMap(([path, { version, optional, dev }]) => {
    const found = versionAt(join(root, path));
    if (found === version || (found === undefined && (optional || dev))) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [`${name} ${found ?? 'missing'} in place of ${version}`];
  });
  if (wrong.length === 0)
    return ok('install', `${counted(packages.length, 'package')} as package-lock.json has them`);
  const more = wrong.length > 3 ? ` and ${wrong.length - 3} more` : '';
  return failed('install', `${wrong.slice(0, 3).join(', ')}${more}`, 'run `npm ci`');
}

function versionAt(folder: string): string | undefined {
  try {
    return readJson(join(folder, 'package.json')).version;
  } catch {
    return undefined;
  }
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
