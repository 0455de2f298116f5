import { hubError, isHubError } from '@quantum-hub/kernel';
import type { AdminConnection } from '../connection/admin-connection.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import type { ConnectionSettings } from '../connection/client.ts';

/** Databases that every server has; one of them is needed to make another. */
const entrances = ['postgres', 'template1'];

const duplicate = new Set(['42P04', '23505']);

/**
 * Makes the database where it is missing (UTF8, locale C: texts are compared by code point, alike on every system) and
 * says whether it did. Safe at once. Throws `database.admin_right_missing` with the statement for one who may.
 */
export async function ensureDatabase(admin: ConnectionSettings, service: string): Promise<boolean> {
  const made = (await exists(admin, service)) ? false : await create(admin, service);
  await using connection = await connectAdmin(admin, { service });
  const { rows } = await connection.query<{ encoding: string }>(
    `select current_setting('server_encoding') as encoding`,
  );
  const encoding = rows[0]?.encoding ?? '';
  if (encoding !== 'UTF8') {
    throw hubError('database.encoding_unsupported', { database: admin.database, encoding });
  }
  return made;
}

async function exists(admin: ConnectionSettings, service: string): Promise<boolean> {
  try {
    await using _ = await connectAdmin(admin, { service });
    return true;
  } catch (error) {
    if (isHubError(error, 'database.unknown_database')) return false;
    throw error;
  }
}

async function create(admin: ConnectionSettings, service: string): Promise<boolean> {
  await using connection = await enter(admin, service);
  const statement = await creation(connection, admin.database);
  try {
    await connection.query(statement);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && duplicate.has(code)) return false;
    if (code !== '42501') throw error;
    const right = `CREATEDB, and the database "${admin.database}" does not exist`;
    const owned = `${statement} owner ${quoted(admin.user)}`;
    throw hubError('database.admin_right_missing', { login: admin.user, right, statement: owned });
  }
}

/** A session in another database of the server, from where ours can be made, renamed and dropped. */
export async function enter(admin: ConnectionSettings, service: string): Promise<AdminConnection> {
  for (const database of entrances) {
    try {
      return await connectAdmin({ ...admin, database }, { service });
    } catch (error) {
      if (!isHubError(error, 'database.unknown_database') && !isHubError(error, 'database.login_refused')) {
        throw error;
      }
    }
  }
  return await connectAdmin(admin, { service });
}

/** template0, because template1 may have grown things, and another encoding. */
async function creation(connection: AdminConnection, database: string): Promise<string> {
  const { rows } = await connection.query<{ version: number }>(
    `select current_setting('server_version_num')::integer as version`,
  );
  // A cluster made with ICU would otherwise give its provider on, which knows no locale C before 17.
  const provider = (rows[0]?.version ?? 0) >= 150_000 ? ' locale_provider libc' : '';
  return `create database ${quoted(database)} template template0 encoding 'UTF8'${provider} locale 'C'`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
