/** Tables and views with their columns, and partitions, which are upkeep's and compared with each other. */
import { byHand, comment, details, facts, ours } from './facts.ts';

export const relations = `pg_class c join pg_namespace n on n.oid = c.relnamespace`;
export const isTable = `c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and ${ours} and ${byHand('pg_class', 'c.oid')}`;
const kindOf = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end`;
/** `kind name` of the table or view that `c` is. */
export const whole = `${kindOf} || ' ' || c.oid::regclass`;
/** Not quoted. */
export const tableKey = `n.nspname || '.' || c.relname`;

const options = `nullif(concat_ws(', ', (select string_agg(o, ', ' order by o) from unnest(c.reloptions) o),
     (select string_agg('toast.' || o, ', ' order by o) from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid)), '')`;
const rowSecurity = `case when c.relkind not in ('r', 'p') then null when not c.relrowsecurity then 'off' when c.relforcerowsecurity then 'forced' else 'on' end`;
const persistence = `case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end`;

const tables = `select ${kindOf} as kind, c.oid::regclass::text as name, 'schema ' || quote_ident(n.nspname) as parent, ${facts(
  {
    owner: 'c.relowner::regrole',
    'row security': rowSecurity,
    'storage parameters': options,
    persistence,
    'partition key': `case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end`,
    'view definition': `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
    populated: `case when c.relkind = 'm' and not c.relispopulated then 'no' end`,
    'replica identity': `case when c.relreplident <> 'd' then c.relreplident::text end`,
    parents: `(select string_agg(inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = c.oid)`,
    tablespace: `(select spcname from pg_tablespace where oid = c.reltablespace)`,
    'access method': `(select nullif(amname, 'heap') from pg_am where oid = c.relam)`,
    'row type': `nullif(c.reloftype, 0)::regtype`,
    server: `(select srvname || coalesce(' ' || array_to_string(ftoptions, ', '), '') from pg_foreign_table join pg_foreign_server f on f.oid = ftserver where ftrelid = c.oid)`,
    comment: comment('c.oid', 'pg_class'),
  },
)}, ${details({
  schema: 'n.nspname',
  name: 'c.relname',
  partitions: `(select coalesce(jsonb_agg(jsonb_build_object('schema', pn.nspname, 'name', p.relname, 'bounds', pg_get_expr(p.relpartbound, p.oid)) order by p.relname), '[]')
                  from pg_inherits i join pg_class p on p.oid = i.inhrelid and p.relispartition join pg_namespace pn on pn.oid = p.relnamespace where i.inhparent = c.oid)`,
})} from ${relations} where ${isTable} order by 2`;

// Whether one was ever set is null from PostgreSQL 17 on, and -1 before.
const statisticsTarget = `nullif(to_jsonb(a) ->> 'attstattarget', '-1')`;
const notValidated = `exists (select from pg_constraint v where v.conrelid = c.oid and v.contype = 'n' and v.conkey = array[a.attnum] and not v.convalidated)`;

const columns = `select 'column' as kind, c.oid::regclass || '.' || quote_ident(a.attname) as name, ${whole} as parent, ${facts(
  {
    type: 'format_type(a.atttypid, a.atttypmod)',
    'not null': `case when not a.attnotnull then 'no' when ${notValidated} then 'not validated' else 'yes' end`,
    default: `case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end`,
    generated: `case when a.attgenerated <> '' then '(' || pg_get_expr(d.adbin, d.adrelid) || ') ' || case a.attgenerated when 's' then 'stored' else 'virtual' end end`,
    identity: `case a.attidentity when 'a' then 'always' when 'd' then 'by default' end`,
    collation: `case when a.attcollation <> t.typcollation then a.attcollation::regcollation end`,
    storage: `case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end`,
    compression: `case to_jsonb(a) ->> 'attcompression' when 'p' then 'pglz' when 'l' then 'lz4' end`,
    options: `array_to_string(a.attoptions, ', ')`,
    'foreign options': `array_to_string(a.attfdwoptions, ', ')`,
    'statistics target': statisticsTarget,
    comment: 'col_description(c.oid, a.attnum)',
  },
)}, ${details({ table: tableKey, name: 'a.attname' })}
  from pg_attribute a join ${relations} on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where ${isTable} and a.attnum > 0 and not a.attisdropped order by c.oid, a.attnum`;

const acl = `(select string_agg(case grantee when 0 then 'public' else grantee::regrole::text end || ' ' || privilege_type, ', ' order by grantee::regrole::text, privilege_type)
  from aclexplode(c.relacl) where grantee <> c.relowner)`;

/** Which partitions there are is upkeep's business; how they are made is not. `of` is the parent's name. */
const partitions = `select 'partition' as kind, c.oid::regclass::text as name, 'table ' || (select inhparent::regclass from pg_inherits where inhrelid = c.oid) as parent, ${facts(
  {
    of: `(select inhparent::regclass from pg_inherits where inhrelid = c.oid)`,
    owner: 'c.relowner::regrole',
    'row security': rowSecurity,
    'storage parameters': options,
    persistence,
    grants: acl,
    columns: `(select string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid)), ', ' order by attname)
               from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = c.oid and attnum > 0 and not attisdropped)`,
    constraints: `(select string_agg(pg_get_constraintdef(oid), '; ' order by pg_get_constraintdef(oid)) from pg_constraint
                  where conrelid = c.oid and contype in ('c', 'f', 'p', 'u', 'x') and (confrelid = 0 or not (select relispartition from pg_class where oid = confrelid)))`,
    indexes: `(select string_agg(line, '; ' order by line) from pg_index i, lateral (select case when indisunique then 'unique ' else '' end ||
      substring(pg_get_indexdef(i.indexrelid) from ' USING .*') || case when indisvalid then '' else ' invalid' end as line) l where indrelid = c.oid)`,
    triggers: `(select string_agg(tgname || ' ' || tgfoid::regprocedure || ' ' || tgenabled::text, '; ' order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal)`,
  },
)}, ${details({ table: `(select inhparent::regclass::text from pg_inherits where inhrelid = c.oid)` })}
  from ${relations} where c.relispartition and c.relkind in ('r', 'p', 'f') and ${ours} order by 2`;

export const tableQueries: readonly string[] = [tables, columns, partitions];
