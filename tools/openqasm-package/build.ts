// packages/openqasm as others install it: JavaScript and declarations instead of TypeScript that only Node 24 runs.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../rooms.ts';

const run = promisify(execFile);
const source = join(root, 'packages/openqasm');

/** Node 20 and the browsers of 2023 read ES2022 and its array methods; nothing of Node's is known to the compiler. */
const compilerOptions = {
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: [],
  rootDir: source,
  noEmit: false,
  allowJs: false,
  declaration: true,
  allowImportingTsExtensions: false,
  rewriteRelativeImportExtensions: true,
};

/**
 * Writes the package as it is published into `folder`, which is made: `dist/`, `README.md`, `package.json`.
 *
 * @throws Error with the compiler's output where the source does not compile as published
 */
async function buildPackage(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  await mkdir(dist, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  const options = { ...compilerOptions, outDir: dist };
  await writeFile(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: options,
      include: [],
      files: [join(source, 'index.ts')],
    }),
  );
  await compile(config);
  await rewriteDeclarations(dist);
  await copyFile(join(source, 'README.md'), join(folder, 'README.md'));
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published(manifest), undefined, 2)}\n`);
}

/**
 * Builds the package in `folder` and packs it there.
 *
 * @returns the tarball's path
 */
export async function packPackage(folder: string): Promise<string> {
  await buildPackage(folder);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: folder });
  const [{ filename }] = JSON.parse(stdout);
  return join(folder, filename);
}

function published(manifest: Record<string, unknown>): Record<string, unknown> {
  const { private: _, exports: __, ...rest } = manifest;
  return {
    ...rest,
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    types: './dist/index.d.ts',
    files: ['dist', 'README.md'],
  };
}

async function compile(config: string): Promise<void> {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  try {
    await run(process.execPath, [tsc, '--project', config, '--pretty', 'false']);
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(`packages/openqasm does not compile as it is published:\n${stdout || error}`);
  }
}

/** The compiler rewrites imports in JavaScript only; in declarations they keep `.ts`, which no consumer has. */
async function rewriteDeclarations(dist: string): Promise<void> {
  const names = await readdir(dist, { recursive: true });
  const declarations = names.filter((name) => name.endsWith('.d.ts')).map((name) => join(dist, name));
  await Promise.all(
    declarations.map(async (path) => {
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/((?:from|import\()\s*')(\.[^']+)\.ts'/g, "$1$2.js'"));
    }),
  );
}
