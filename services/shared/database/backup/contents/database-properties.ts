/** What belongs to the database as a whole, and which neither a dump of its content nor the roles of its cluster carry. */
import { z } from 'zod';
import type { AdminConnection } from '../../connection/admin-connection.ts';

const text = z.string();

export const propertyShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('owner'), role: text }),
  z.strictObject({ kind: z.literal('comment'), text }),
  /** -1 is none. */
  z.strictObject({ kind: z.literal('connection limit'), most: z.number().int() }),
  /** A right on the database that somebody other than its owner has; null is everybody. */
  z.strictObject({ kind: z.literal('right'), name: text, role: text.nullable(), grantable: z.boolean() }),
  /** By `alter database ... set`, or for one role by `alter role ... in database ... set`. */
  z.strictObject({ kind: z.literal('setting'), name: text, role: text.nullable(), value: text }),
]);

export type DatabaseProperty = z.output<typeof propertyShape>;

const question = `
with own as (select * from pg_database where datname = current_database())
select json_build_object('kind', 'owner', 'role', pg_get_userbyid(datdba)) as property from own
union all
select json_build_object('kind', 'comment', 'text', shobj_description(oid, 'pg_database')) from own
  where shobj_description(oid, 'pg_database') is not null
union all
select json_build_object('kind', 'connection limit', 'most', datconnlimit) from own
union all
select json_build_object('kind', 'right', 'name', given.privilege_type, 'grantable', bool_or(given.is_grantable),
    'role', case given.grantee when 0 then null else pg_get_userbyid(given.grantee) end)
  from own, aclexplode(coalesce(datacl, acldefault('d', datdba))) given
  where given.grantee <> datdba group by given.privilege_type, given.grantee
union all
select json_build_object('kind', 'setting', 'name', split_part(entry, '=', 1),
    'value', substr(entry, strpos(entry, '=') + 1),
    'role', case setrole when 0 then null else pg_get_userbyid(setrole) end)
  from own join pg_db_role_setting on setdatabase = own.oid cross join unnest(setconfig) entry`;

/** Of the database that the session is in, in an order of their own. */
export async function readProperties(admin: AdminConnection): Promise<DatabaseProperty[]> {
  const { rows } = await admin.query<{ property: unknown }>(question);
  return rows
    .map(({ property }) => propertyShape.parse(property))
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** What there is one of. */
function nameOf(property: DatabaseProperty): string {
  if (property.kind === 'right') return `right ${property.name} of ${property.role ?? 'public'}`;
  if (property.kind !== 'setting') return property.kind;
  return `setting ${property.name}${property.role === null ? '' : ` of ${property.role}`}`;
}

/** What of a database is not as it should be, a sentence each. */
export function compareProperties(
  expected: readonly DatabaseProperty[],
  found: readonly DatabaseProperty[],
): string[] {
  const byName = (list: readonly DatabaseProperty[]) =>
    new Map(list.map((property) => [nameOf(property), JSON.stringify(propertyShape.parse(property))]));
  const [wanted, there] = [byName(expected), byName(found)];
  const faults = [...wanted].flatMap(([name, value]) => {
    const other = there.get(name);
    if (other === undefined) return [`the database's ${name} is missing`];
    return other === value ? [] : [`the database's ${name} is another one`];
  });
  const extra = [...there.keys()].filter((name) => !wanted.has(name));
  return [...faults, ...extra.map((name) => `the database's ${name} is extra`)];
}
