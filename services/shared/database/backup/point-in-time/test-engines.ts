import { lookForProgram } from '../programs.ts';
import type { EngineName } from './settings-file.ts';

const debian: Record<EngineName, string> = { plain: 'postgresql-15', pgbackrest: 'pgbackrest' };

/**
 * For `test(..., { skip: await withoutEngine(name) })`: why the test is left out on this machine. Under CI it is not: there a
 * missing program has to fail.
 */
export async function withoutEngine(name: EngineName): Promise<string | false> {
  const found =
    name === 'plain'
      ? (await lookForProgram('pg_basebackup', { exactly: 15 })) &&
        (await lookForProgram('pg_verifybackup', { exactly: 15 }))
      : await lookForProgram('pgbackrest');
  return found || process.env.CI ? false : `needs ${debian[name]} (Debian: apt-get install ${debian[name]})`;
}
