import { hubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { splitStatements, withoutValues } from '../migrations/statements.ts';
import type { ScratchDatabase } from './scratch-database.ts';

const unknownSetting = '42704';

/** Runs what `pg_dump -s` wrote, as psql would. Throws `database.scratch_copy_failed` with the statement that is refused. */
export async function restoreSchema(scratch: ScratchDatabase, dump: string, version: string): Promise<void> {
  // A session of its own, since a dump changes settings of the one that it runs in.
  const session = new Client(scratch.address);
  await session.connect();
  try {
    // Two commands of psql stand in newer dumps, which keep psql, not us, from obeying others.
    for (const { text } of splitStatements(dump.replace(/^\\(?:un)?restrict .*$/gm, ''))) {
      await session.query(text).catch((error: { code?: string; message: string }) => {
        // A newer pg_dump sets what an older server doesn't know.
        if (error.code === unknownSetting && /^set\b/i.test(text)) return;
        const { database } = scratch.address;
        const params = { database, version, reason: error.message, statement: withoutValues(text, 100) };
        throw hubError('database.scratch_copy_failed', params, { cause: error });
      });
    }
  } finally {
    await session.end();
  }
}
