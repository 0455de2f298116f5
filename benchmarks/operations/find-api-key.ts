import type { Db } from '@quantum-hub/database';
import { UserApiKey } from '@quantum-hub/database/models';
import { sql } from 'kysely';
import type { Send } from '../hub/doors.ts';

/** Who uses a key, by the SHA-256 of the key: the first thing that every request of a program does. */
export async function findApiKey(send: Send, keyHash: Buffer): Promise<unknown> {
  const { rows } = await send({
    name: 'find_api_key',
    text: 'select * from identity.find_api_key($1)',
    values: [keyHash],
  });
  return found(rows);
}

export async function findApiKeyByKysely({ kysely }: Db, keyHash: Buffer): Promise<unknown> {
  const { rows } = await sql`select * from identity.find_api_key(${keyHash})`.execute(kysely);
  return found(rows);
}

export async function findApiKeyByEntity({ em }: Db, keyHash: Buffer): Promise<unknown> {
  return await em.findOneOrFail(UserApiKey, { keyHash });
}

function found(rows: readonly unknown[]): unknown {
  if (rows.length !== 1) throw new Error(`${rows.length} keys have this hash; expected 1.`);
  return rows[0];
}
