/** The migrations on disk: pairs of SQL files, in the order of the file ORDER (so that two branches that add one collide in git). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Migration = {
  /** `<timestamp>_<slug>`, as it stands in ORDER. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  /** SHA-256 of the up file, hexadecimal. */
  readonly sha256: string;
};

const folder = new URL('.', import.meta.url);

export function readMigrations(): Migration[] {
  return readFileSync(new URL('ORDER', folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((name) => {
      const up = readFileSync(new URL(`versions/${name}.up.sql`, folder), 'utf8');
      const down = readFileSync(new URL(`versions/${name}.down.sql`, folder), 'utf8');
      return { name, up, down, sha256: createHash('sha256').update(up).digest('hex') };
    });
}
