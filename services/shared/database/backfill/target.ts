/** The table that a backfill changes, as the database knows it. */
import { hubError } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { maintenanceRole } from '../provision/roles.ts';
import type { Backfill } from './definition.ts';

export type Target = {
  /** The type of the key, such as `uuid`. */
  readonly keyType: string;
  /** PostgreSQL's estimate over all partitions; null before the first ANALYZE. */
  readonly rowsEstimate: number | null;
};

/** Throws `kernel.invalid_value` for a table or a key that is not there, or a key that may be null. */
export async function findTarget(session: AdminSession, { table, key }: Backfill): Promise<Target> {
  const { rows } = await session.query(
    `select format_type(atttypid, atttypmod) as "keyType",
            (select nullif(sum(greatest(reltuples, 0)), 0)::bigint::float8 from pg_class
              where oid in (select attrelid union select relid from pg_partition_tree(attrelid) where isleaf)) as "rowsEstimate"
       from pg_attribute where attrelid = to_regclass($1) and attname = $2 and attnotnull and not attisdropped`,
    [table, key],
  );
  const target = rows[0] as Target | undefined;
  if (target) return target;
  const value = `${table}.${key}`;
  const expected = 'a column without nulls of a table that exists';
  throw hubError('kernel.invalid_value', { name: 'the key of the backfill', value, expected });
}

/**
 * Throws `database.backfill_rows_hidden` unless row security shows maintenance all rows to read and to change. Only
 * the policies tell: whoever is bound by them can't count what they hide.
 */
export async function requireAllVisible(session: AdminSession, { name, table }: Backfill): Promise<void> {
  const { rows } = await session.query(
    `with mine as (
       select polpermissive as permissive, polcmd as verb, pg_get_expr(polqual, polrelid) as sees,
              coalesce(pg_get_expr(polwithcheck, polrelid), 'true') as takes
         from pg_policy where polrelid = $1::regclass
          and exists (select from unnest(polroles) role where case when role = 0 then true else pg_has_role(role, 'usage') end))
     select row_security_active($1::regclass) and (
       exists (select from mine where not permissive and verb in ('*', 'r', 'w'))
       or not exists (select from mine where permissive and verb in ('*', 'r') and sees = 'true')
       or not exists (select from mine where permissive and verb in ('*', 'w') and sees = 'true' and takes = 'true')) as hidden`,
    [table],
  );
  if (rows[0]?.hidden) {
    throw hubError('database.backfill_rows_hidden', { name, table, role: maintenanceRole });
  }
}
