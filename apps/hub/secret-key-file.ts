import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hidden } from '@quantum-hub/kernel';

/**
 * The key of this home, made when there is none: 256 random bits, readable by its owner only. Of two processes that start
 * at once one makes it and the other reads it, whole.
 */
export async function homeSecretKey(home: string): Promise<Hidden<string>> {
  const path = join(home, 'secret-key');
  await mkdir(home, { recursive: true, mode: 0o711 });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    // Fails where there is one already, and never shows half of one.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return new Hidden((await readFile(path, 'utf8')).trim());
}
