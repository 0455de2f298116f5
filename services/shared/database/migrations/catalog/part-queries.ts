/** What belongs to a table or view beside its columns. */
import { comment, details, facts, noDetails } from './facts.ts';
import { isTable, relations, tableKey, whole } from './table-queries.ts';

const on = `' on ' || c.oid::regclass`;

const names = (keys: string, relation: string) =>
  `(select coalesce(jsonb_agg(x.attname order by u.at), '[]') from unnest(${keys}) with ordinality u (num, at)
      join pg_attribute x on x.attrelid = ${relation} and x.attnum = u.num)`;

// From PostgreSQL 18 on "not null" is a constraint too; it is a fact of the column here.
const constraints = `select 'constraint' as kind, quote_ident(k.conname) || ${on} as name, ${whole} as parent, ${facts(
  {
    definition: 'pg_get_constraintdef(k.oid)',
    // "disable trigger all" switches off the triggers by which PostgreSQL keeps foreign keys.
    enabled: `(select case count(*) when 0 then null else 'not wholly' end from pg_trigger where tgconstraint = k.oid and tgisinternal and tgenabled <> 'O')`,
    comment: comment('k.oid', 'pg_constraint'),
  },
)}, ${details({
  table: tableKey,
  name: 'k.conname',
  kind: 'k.contype',
  columns: names('k.conkey', 'k.conrelid'),
  references: `(select rn.nspname || '.' || r.relname from pg_class r join pg_namespace rn on rn.oid = r.relnamespace where r.oid = k.confrelid)`,
  referenced: names('k.confkey', 'k.confrelid'),
})} from pg_constraint k join ${relations} on c.oid = k.conrelid
  where ${isTable} and k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0`;

const indexes = `select 'index' as kind, i.indexrelid::regclass::text as name,
  coalesce((select 'constraint ' || quote_ident(conname) || ${on} from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x') limit 1),
           ${whole}) as parent, ${facts({
             definition: 'pg_get_indexdef(i.indexrelid)',
             valid: `case when i.indisvalid then 'yes' else 'no' end`,
             tablespace: '(select spcname from pg_tablespace where oid = x.reltablespace)',
             clustered: `case when i.indisclustered then 'yes' end`,
             'replica identity': `case when i.indisreplident then 'yes' end`,
             'statistics targets': `(select string_agg(attnum || ': ' || (to_jsonb(a) ->> 'attstattarget'), ', ' order by attnum) from pg_attribute a
                where attrelid = i.indexrelid and nullif(to_jsonb(a) ->> 'attstattarget', '-1') is not null)`,
             comment: comment('i.indexrelid', 'pg_class'),
           })}, ${details({
             table: tableKey,
             name: 'x.relname',
             unique: 'i.indisunique',
           })} from pg_index i join pg_class x on x.oid = i.indexrelid join ${relations} on c.oid = i.indrelid where ${isTable}`;

const triggers = `select 'trigger' as kind, quote_ident(t.tgname) || ${on} as name, ${whole} as parent, ${facts(
  {
    definition: 'pg_get_triggerdef(t.oid)',
    enabled: `case t.tgenabled when 'O' then 'yes' when 'D' then 'no' when 'A' then 'always' else 'on replicas' end`,
    comment: comment('t.oid', 'pg_trigger'),
  },
)}, ${details({ table: tableKey, name: 't.tgname', onTruncate: 't.tgtype & 32 <> 0' })}
  from pg_trigger t join ${relations} on c.oid = t.tgrelid where ${isTable} and not t.tgisinternal`;

const policies = `select 'policy' as kind, quote_ident(p.polname) || ${on} as name, ${whole} as parent, ${facts(
  {
    command: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end`,
    kind: `case when p.polpermissive then 'permissive' else 'restrictive' end`,
    roles: `(select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r::regrole::text) from unnest(p.polroles) r)`,
    using: 'pg_get_expr(p.polqual, p.polrelid)',
    check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
    comment: comment('p.oid', 'pg_policy'),
  },
)}, ${details({ table: tableKey, name: 'p.polname' })} from pg_policy p join ${relations} on c.oid = p.polrelid where ${isTable}`;

const rules = `select 'rule' as kind, quote_ident(r.rulename) || ${on} as name, ${whole} as parent, ${facts({
  definition: 'pg_get_ruledef(r.oid)',
  enabled: 'r.ev_enabled',
  comment: comment('r.oid', 'pg_rewrite'),
})}, ${noDetails} from pg_rewrite r join ${relations} on c.oid = r.ev_class where ${isTable} and r.rulename <> '_RETURN'`;

const statistics = `select 'statistics' as kind, s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname) as name, ${whole} as parent, ${facts(
  {
    definition: 'pg_get_statisticsobjdef(s.oid)',
    owner: 's.stxowner::regrole',
    target: `nullif(to_jsonb(s) ->> 'stxstattarget', '-1')`,
    comment: comment('s.oid', 'pg_statistic_ext'),
  },
)}, ${noDetails} from pg_statistic_ext s join ${relations} on c.oid = s.stxrelid where ${isTable}`;

export const partQueries: readonly string[] = [constraints, indexes, triggers, policies, rules, statistics];
