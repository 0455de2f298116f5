import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestFolder, testFolder } from '../services/shared/database/testing/index.ts';
import { rooms, root } from '../tools/rooms.ts';

const elsewhere = /(^|\/)(node_modules|[.]quantum-hub|backups)$/;

/** A checkout to edit and to run commands in: the files as they are, committed or not. Packages are links to those that are installed, workspaces links to the copies. */
export function makeCheckout(): TestFolder {
  const folder = testFolder();
  const { path } = folder;
  for (const name of readdirSync(root)) {
    const wanted = [
      ...rooms,
      'docs',
      'examples',
      'package.json',
      'package-lock.json',
      '.npmrc',
      'biome.json',
      'tsconfig.json',
    ];
    if (wanted.includes(name)) {
      cpSync(join(root, name), join(path, name), {
        recursive: true,
        filter: (file) => !elsewhere.test(file),
      });
    }
  }
  linkPackages(join(root, 'node_modules'), join(path, 'node_modules'));
  for (const workspace of ['apps/cli', 'packages/client', 'services/shared/database']) {
    const own = join(workspace, 'node_modules');
    if (readdirSync(join(root, workspace)).includes('node_modules'))
      linkPackages(join(root, own), join(path, own));
  }
  return folder;
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    // These hold relative links, which lead into the copy when they are copied as they are.
    const ours = name === '@quantum-hub' || name === '.bin';
    if (ours) cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(from, name), join(to, name));
  }
}
