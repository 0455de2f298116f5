/** Gives a database what its backup says of it as a whole: owner, rights, settings, comment, connection limit. */
import type { AdminConnection } from '../../connection/admin-connection.ts';
import { retried } from '../../provision/retry.ts';
import { literal } from '../../provision/sql-text.ts';
import { quoted } from '../../setup/ensure-database.ts';
import type { DatabaseProperty } from '../contents/database-properties.ts';
import type { RoleWarning } from './restore-roles.ts';

/** What this server or login refused: for people to do by hand. */
export interface RefusedProperty extends RoleWarning {
  readonly property: DatabaseProperty;
}

/**
 * In the database that the session is in; `named` is what it will be called, for the statements that people are told. The rights that it has are replaced; settings are added. What is refused (a role
 * or a locale that is not here, a parameter that this server does not know) is told and not fatal: no row hangs on it.
 */
export async function restoreProperties(
  admin: AdminConnection,
  properties: readonly DatabaseProperty[],
  named = admin.settings.database,
): Promise<RefusedProperty[]> {
  const { database } = admin.settings;
  // A new database begins with rights for everybody: those that the backup has come after.
  if (properties.some(({ kind }) => kind === 'right')) {
    await admin.query(`revoke all on database ${quoted(database)} from public`);
  }
  const refused: RefusedProperty[] = [];
  for (const property of properties) {
    try {
      await retried(() => admin.query(statementOf(property, quoted(database))));
    } catch (error) {
      const statement = statementOf(property, quoted(named));
      refused.push({ property, statement, sentence: (error as Error).message });
    }
  }
  return refused;
}

/** Whether a property binds whoever connects, the one who restores as well: `default_transaction_read_only` for one. */
export function bindsEverybody(property: DatabaseProperty): boolean {
  return property.kind === 'connection limit' || (property.kind === 'setting' && property.role === null);
}

function statementOf(property: DatabaseProperty, database: string): string {
  switch (property.kind) {
    case 'owner':
      return `alter database ${database} owner to ${quoted(property.role)}`;
    case 'comment':
      return `comment on database ${database} is ${literal(property.text)}`;
    case 'connection limit':
      return `alter database ${database} connection limit ${property.most}`;
    case 'right': {
      const to = property.role === null ? 'public' : quoted(property.role);
      const option = property.grantable ? ' with grant option' : '';
      return `grant ${property.name} on database ${database} to ${to}${option}`;
    }
    case 'setting': {
      const { name, role, value } = property;
      const whose =
        role === null ? `alter database ${database}` : `alter role ${quoted(role)} in database ${database}`;
      return `${whose} set ${quoted(name)} to ${settingValue(name, value)}`;
    }
  }
}

/** Their values are lists of names, each of which PostgreSQL quoted (GUC_LIST_QUOTE in its sources; pg_dump keeps the same list). */
const listsOfNames = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

function settingValue(name: string, value: string): string {
  if (!listsOfNames.has(name.toLowerCase())) return literal(value);
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^\s,]+/g)];
  if (names.length === 0) return literal('');
  return names.map(([whole, inner]) => literal(inner?.replaceAll('""', '"') ?? whole)).join(', ');
}
