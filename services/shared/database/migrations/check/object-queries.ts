/** Queries of kind, name, parent and facts: schemas and what lies in them beside tables. */

/** A schema that is the hub's business; `n` is pg_namespace. */
export const ours = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'archive')`;

/** Of no extension; `catalog` names the system table that `oid` is of. */
export function byHand(catalog: string, oid: string): string {
  return `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
}

/** Facts as one JSON object of texts; null is left out. */
export function facts(entries: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(entries).map(([name, sql]) => `'${name}', (${sql})::text`);
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) as facts`;
}

const comment = (oid: string, catalog: string) => `obj_description(${oid}, '${catalog}')`;

export const objectQueries: readonly string[] = [
  // The schema public belongs to whoever made the database.
  `select 'schema' as kind, quote_ident(n.nspname) as name, null as parent, ${facts({
    owner: `case when n.nspname <> 'public' then n.nspowner::regrole::text end`,
    comment: `case when n.nspname <> 'public' then ${comment('n.oid', 'pg_namespace')} end`,
  })} from pg_namespace n where ${ours} and ${byHand('pg_namespace', 'n.oid')}`,

  `select 'extension' as kind, quote_ident(e.extname) as name, null as parent, ${facts({ schema: 'n.nspname' })}
     from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,

  `select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
          p.oid::regprocedure::text as name, 'schema ' || quote_ident(n.nspname) as parent, ${facts({
            definition: `case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end`,
            owner: 'p.proowner::regrole',
            comment: comment('p.oid', 'pg_proc'),
          })} from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours} and ${byHand('pg_proc', 'p.oid')}`,

  `select case t.typtype when 'd' then 'domain' else 'type' end as kind, format_type(t.oid, null) as name,
          'schema ' || quote_ident(n.nspname) as parent, ${facts({
            owner: 't.typowner::regrole',
            values: `case when t.typtype = 'e' then (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid) end`,
            'base type': `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`,
            'not null': `case when t.typnotnull then 'yes' end`,
            default: 't.typdefault',
            checks: `(select string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' order by conname) from pg_constraint where contypid = t.oid and contype = 'c')`,
            attributes: `(select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped)`,
            comment: comment('t.oid', 'pg_type'),
          })} from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${ours} and ${byHand('pg_type', 't.oid')}
      and (t.typtype in ('e', 'd', 'r') or exists (select from pg_class where oid = t.typrelid and relkind = 'c'))`,

  `select 'sequence' as kind, s.seqrelid::regclass::text as name, 'schema ' || quote_ident(n.nspname) as parent, ${facts(
    {
      owner: 'c.relowner::regrole',
      definition: `format('as %s start %s increment %s min %s max %s cache %s cycle %s', format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)`,
      'owned by': `(select refobjid::regclass || '.' || attname from pg_depend join pg_attribute on attrelid = refobjid and attnum = refobjsubid
                   where classid = 'pg_class'::regclass and objid = c.oid and deptype in ('a', 'i') and refobjsubid > 0)`,
    },
  )} from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and ${byHand('pg_class', 'c.oid')}`,

  `select 'event trigger' as kind, quote_ident(evtname) as name, null as parent, ${facts({
    event: 'evtevent',
    function: 'evtfoid::regprocedure',
    enabled: 'evtenabled',
    owner: 'evtowner::regrole',
  })} from pg_event_trigger e where ${byHand('pg_event_trigger', 'e.oid')}`,

  `select 'publication' as kind, quote_ident(p.pubname) as name, null as parent, ${facts({
    'all tables': 'puballtables',
    verbs: `concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end)`,
    tables: `(select string_agg(prrelid::regclass::text, ', ' order by prrelid::regclass::text) from pg_publication_rel where prpubid = p.oid)`,
  })} from pg_publication p`,
];
