// `npm run pack:openqasm [FOLDER]` packs packages/openqasm as it is published and prints the tarball's path.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { packPackage } from './openqasm-package/build.ts';

const [folder = '.', ...more] = process.argv.slice(2);

if (more.length > 0 || folder.startsWith('-')) {
  process.stderr.write(`unknown arguments: ${process.argv.slice(2).join(' ')}; expected a folder or none\n`);
  process.exitCode = 2;
} else {
  const work = await mkdtemp(join(tmpdir(), 'pack-openqasm-'));
  try {
    const tarball = await packPackage(work);
    // npm changes the working directory; people's paths start where they called it.
    const target = resolve(process.env.INIT_CWD ?? '.', folder);
    await mkdir(target, { recursive: true });
    const path = join(target, basename(tarball));
    await copyFile(tarball, path);
    process.stdout.write(`${path}\n`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
