/** Queries of kind, name, parent and facts: tables, their parts, and partitions. */
import { byHand, facts, ours } from './object-queries.ts';

/** Tables and views, but not partitions: these are upkeep's, and compared with each other. */
const relations = `pg_class c join pg_namespace n on n.oid = c.relnamespace`;
const isTable = `c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and ${ours} and ${byHand('pg_class', 'c.oid')}`;
const kindOf = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end`;
const parent = `${kindOf} || ' ' || c.oid::regclass as parent`;
const on = `' on ' || c.oid::regclass`;
const options = (oid: string) =>
  `nullif(concat_ws(', ', (select string_agg(o, ', ' order by o) from unnest(c.reloptions) o),
     (select string_agg('toast.' || o, ', ' order by o) from pg_class t, unnest(t.reloptions) o where t.oid = (select reltoastrelid from pg_class where oid = ${oid}))), '')`;
const rowSecurity = `case when c.relkind not in ('r', 'p') then null when not c.relrowsecurity then 'off' when c.relforcerowsecurity then 'forced' else 'on' end`;
const persistence = `case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end`;

const tables = `select ${kindOf} as kind, c.oid::regclass::text as name, 'schema ' || quote_ident(n.nspname) as parent, ${facts(
  {
    owner: 'c.relowner::regrole',
    'row security': rowSecurity,
    'storage parameters': options('c.oid'),
    persistence,
    'partition key': `case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end`,
    'view definition': `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
    'replica identity': `case when c.relreplident <> 'd' then c.relreplident::text end`,
    parents: `(select string_agg(inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = c.oid)`,
    tablespace: `(select spcname from pg_tablespace where oid = c.reltablespace)`,
    comment: `obj_description(c.oid, 'pg_class')`,
  },
)} from ${relations} where ${isTable}`;

const columns = `select 'column' as kind, c.oid::regclass || '.' || quote_ident(a.attname) as name, ${parent}, ${facts(
  {
    type: 'format_type(a.atttypid, a.atttypmod)',
    'not null': `case when a.attnotnull then 'yes' else 'no' end`,
    default: `case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end`,
    generated: `case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end`,
    identity: `nullif(a.attidentity::text, '')`,
    collation: `(select collname from pg_collation l where l.oid = a.attcollation and a.attcollation <> (select typcollation from pg_type where oid = a.atttypid))`,
    storage: `case when a.attstorage <> (select typstorage from pg_type where oid = a.atttypid) then a.attstorage::text end`,
    options: `array_to_string(a.attoptions, ', ')`,
    comment: 'col_description(c.oid, a.attnum)',
  },
)} from pg_attribute a join ${relations} on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where ${isTable} and a.attnum > 0 and not a.attisdropped`;

// From PostgreSQL 18 on "not null" is a constraint too; it is a fact of the column here.
const constraints = `select 'constraint' as kind, quote_ident(k.conname) || ${on} as name, ${parent}, ${facts(
  {
    definition: 'pg_get_constraintdef(k.oid)',
    comment: `obj_description(k.oid, 'pg_constraint')`,
  },
)} from pg_constraint k join ${relations} on c.oid = k.conrelid
  where ${isTable} and k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0`;

const indexes = `select 'index' as kind, i.indexrelid::regclass::text as name,
  coalesce((select 'constraint ' || quote_ident(conname) || ${on} from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x') limit 1),
           ${kindOf} || ' ' || c.oid::regclass) as parent, ${facts({
             definition: 'pg_get_indexdef(i.indexrelid)',
             valid: `case when i.indisvalid then 'yes' else 'no' end`,
             clustered: `case when i.indisclustered then 'yes' end`,
             comment: `obj_description(i.indexrelid, 'pg_class')`,
           })} from pg_index i join ${relations} on c.oid = i.indrelid where ${isTable}`;

const triggers = `select 'trigger' as kind, quote_ident(t.tgname) || ${on} as name, ${parent}, ${facts({
  definition: 'pg_get_triggerdef(t.oid)',
  enabled: `case t.tgenabled when 'O' then 'yes' when 'D' then 'no' when 'A' then 'always' else 'on replicas' end`,
  comment: `obj_description(t.oid, 'pg_trigger')`,
})} from pg_trigger t join ${relations} on c.oid = t.tgrelid where ${isTable} and not t.tgisinternal`;

const policies = `select 'policy' as kind, quote_ident(p.polname) || ${on} as name, ${parent}, ${facts({
  command: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end`,
  kind: `case when p.polpermissive then 'permissive' else 'restrictive' end`,
  roles: `(select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r)`,
  using: 'pg_get_expr(p.polqual, p.polrelid)',
  check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
  comment: `obj_description(p.oid, 'pg_policy')`,
})} from pg_policy p join ${relations} on c.oid = p.polrelid where ${isTable}`;

const rules = `select 'rule' as kind, quote_ident(r.rulename) || ${on} as name, ${parent}, ${facts({
  definition: 'pg_get_ruledef(r.oid)',
  enabled: 'r.ev_enabled',
})} from pg_rewrite r join ${relations} on c.oid = r.ev_class where ${isTable} and r.rulename <> '_RETURN'`;

const statistics = `select 'statistics' as kind, s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname) as name, ${parent}, ${facts(
  {
    definition: 'pg_get_statisticsobjdef(s.oid)',
    owner: 's.stxowner::regrole',
  },
)} from pg_statistic_ext s join ${relations} on c.oid = s.stxrelid where ${isTable}`;

const acl = `(select string_agg(grantee::regrole || ' ' || privilege_type, ', ' order by grantee::regrole::text, privilege_type)
  from aclexplode(c.relacl) where grantee <> c.relowner)`;

/** Which partitions there are is upkeep's business; how they are made is not. `of` is the parent's name. */
const partitions = `select 'partition' as kind, c.oid::regclass::text as name, 'table ' || (select inhparent::regclass from pg_inherits where inhrelid = c.oid) as parent, ${facts(
  {
    of: `(select inhparent::regclass from pg_inherits where inhrelid = c.oid)`,
    owner: 'c.relowner::regrole',
    'row security': rowSecurity,
    'storage parameters': options('c.oid'),
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
)} from ${relations} where c.relispartition and c.relkind in ('r', 'p', 'f') and ${ours}`;

export const tableQueries: readonly string[] = [
  tables,
  columns,
  constraints,
  indexes,
  triggers,
  policies,
  rules,
  statistics,
  partitions,
];
