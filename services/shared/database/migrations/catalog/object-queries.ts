/** Schemas, and what lies in them beside tables. */
import { byHand, comment, facts, isRoutine, isType, noDetails, ours } from './facts.ts';

const ofSchema = `'schema ' || quote_ident(n.nspname) as parent`;

// The schema public belongs to whoever made the database.
const schemas = `select 'schema' as kind, quote_ident(n.nspname) as name, null as parent, ${facts({
  owner: `case when n.nspname <> 'public' then n.nspowner::regrole::text end`,
  comment: `case when n.nspname <> 'public' then ${comment('n.oid', 'pg_namespace')} end`,
})}, jsonb_build_object('name', n.nspname) as details from pg_namespace n where ${ours} and ${byHand('pg_namespace', 'n.oid')}`;

// Servers bring versions of their own: one that was not updated with its server is drift, and another server is not.
const extensions = `select 'extension' as kind, quote_ident(e.extname) as name, null as parent, ${facts({
  schema: 'n.nspname',
  version: `case when e.extversion = a.default_version then 'that of the server' else e.extversion end`,
  owner: `case when e.extname <> 'plpgsql' then e.extowner::regrole::text end`,
  comment: comment('e.oid', 'pg_extension'),
})}, ${noDetails} from pg_extension e join pg_namespace n on n.oid = e.extnamespace left join pg_available_extensions a on a.name = e.extname`;

const routines = `select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
  p.oid::regprocedure::text as name, ${ofSchema}, ${facts({
    definition: `case when p.prokind <> 'a' then pg_get_functiondef(p.oid)
      else (select concat_ws(' ', pg_get_function_result(p.oid), aggtranstype::regtype, nullif(aggmtranstype, 0)::regtype, aggsortop::regoperator, p.proparallel,
                     to_jsonb(a) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[]) from pg_aggregate a where aggfnoid = p.oid) end`,
    owner: 'p.proowner::regrole',
    comment: comment('p.oid', 'pg_proc'),
  })}, ${noDetails} from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours} and ${isRoutine}`;

const types = `select case t.typtype when 'd' then 'domain' else 'type' end as kind, format_type(t.oid, null) as name, ${ofSchema}, ${facts(
  {
    owner: 't.typowner::regrole',
    values: `case when t.typtype = 'e' then (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid) end`,
    'base type': `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`,
    collation: `case when t.typtype = 'd' and t.typcollation <> (select typcollation from pg_type where oid = t.typbasetype) then t.typcollation::regcollation end`,
    'not null': `case when t.typnotnull then 'yes' end`,
    default: 't.typdefault',
    checks: `(select string_agg('constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid), ' ' order by conname) from pg_constraint where contypid = t.oid and contype = 'c')`,
    'comments on checks': `(select string_agg(conname || ': ' || obj_description(oid, 'pg_constraint'), '; ' order by conname) from pg_constraint where contypid = t.oid and contype = 'c')`,
    attributes: `(select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped)`,
    'comments on attributes': `(select string_agg(attname || ': ' || col_description(t.typrelid, attnum), '; ' order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped)`,
    range: `(select concat_ws(' ', rngsubtype::regtype, (select nullif(opcname || case when opcdefault then ' default' else '' end, opcname || ' default') from pg_opclass where oid = rngsubopc), 'collate ' || nullif(rngcollation, 0)::regcollation, nullif(rngcanonical, 0), nullif(rngsubdiff, 0)) from pg_range where rngtypid = t.oid)`,
    comment: comment('t.oid', 'pg_type'),
  },
)}, ${noDetails} from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where ${ours} and ${isType}`;

const collations = `select 'collation' as kind, l.oid::regcollation::text as name, ${ofSchema}, ${facts({
  owner: 'l.collowner::regrole',
  definition: `concat_ws(' ', l.collprovider, l.collcollate, l.collctype, to_jsonb(l) ->> 'colliculocale', to_jsonb(l) ->> 'colllocale', case when not l.collisdeterministic then 'not deterministic' end)`,
  comment: comment('l.oid', 'pg_collation'),
})}, ${noDetails} from pg_collation l join pg_namespace n on n.oid = l.collnamespace where ${ours} and ${byHand('pg_collation', 'l.oid')}`;

const sequences = `select 'sequence' as kind, s.seqrelid::regclass::text as name, ${ofSchema}, ${facts({
  owner: 'c.relowner::regrole',
  definition: `format('as %s start %s increment %s minvalue %s maxvalue %s cache %s %s', format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, case when seqcycle then 'cycle' else 'no cycle' end)`,
  'owned by': `(select refobjid::regclass || '.' || quote_ident(attname) from pg_depend join pg_attribute on attrelid = refobjid and attnum = refobjsubid
                 where classid = 'pg_class'::regclass and objid = c.oid and deptype in ('a', 'i') and refobjsubid > 0)`,
  persistence: `case c.relpersistence when 'u' then 'unlogged' end`,
  comment: comment('c.oid', 'pg_class'),
})}, jsonb_build_object('isIdentity', exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'i'), 'schema', n.nspname, 'name', c.relname) as details
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ours} and ${byHand('pg_class', 'c.oid')}`;

const eventTriggers = `select 'event trigger' as kind, quote_ident(evtname) as name, null as parent, ${facts({
  event: 'evtevent',
  tags: `array_to_string(evttags, ', ')`,
  function: 'evtfoid::regprocedure',
  enabled: 'evtenabled',
  owner: 'evtowner::regrole',
  comment: comment('e.oid', 'pg_event_trigger'),
})}, ${noDetails} from pg_event_trigger e where ${byHand('pg_event_trigger', 'e.oid')}`;

/** Kinds that the hub has none of: that there is one is drift enough. Ids below 16384 are PostgreSQL's own. */
const strangers = `select i.type as kind, i.identity as name, null as parent, '{}'::jsonb as facts, ${noDetails} from (
    select tableoid as classid, oid from pg_operator union all select tableoid, oid from pg_opclass union all select tableoid, oid from pg_opfamily
    union all select tableoid, oid from pg_cast union all select tableoid, oid from pg_language union all select tableoid, oid from pg_ts_config
    union all select tableoid, oid from pg_ts_dict union all select tableoid, oid from pg_ts_parser union all select tableoid, oid from pg_ts_template
    union all select tableoid, oid from pg_conversion union all select tableoid, oid from pg_am union all select tableoid, oid from pg_transform
    union all select tableoid, oid from pg_type where typtype in ('b', 'p') and typcategory <> 'A') o,
  lateral pg_identify_object(o.classid, o.oid, 0) i
  where o.oid >= 16384 and not exists (select from pg_depend d where d.classid = o.classid and d.objid = o.oid and d.deptype = 'e')`;

export const objectQueries: readonly string[] = [
  schemas,
  extensions,
  routines,
  types,
  collations,
  sequences,
  eventTriggers,
  strangers,
];
