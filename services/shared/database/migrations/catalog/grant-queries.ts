/** Who may do what. An owner's rights over what is its own are left out. */
import { byHand, details, facts, isRoutine, isType, noDetails, ours } from './facts.ts';

type Granted = {
  readonly object: string;
  readonly parent: string;
  /** Which of them, where not those in the hub's schemas. */
  readonly where?: string;
  readonly acl: string;
  readonly owner: string;
  readonly from: string;
  /** The column that it is of alone, quoted, and with its table. */
  readonly column?: string;
};

function grantsOn({ object, parent, acl, owner, from, column, where = ours }: Granted): string {
  return `select 'grant' as kind, lower(a.privilege_type) || ${column === undefined ? `''` : `' (' || ${column} || ')'`} || ' on ' || ${object} || ' to ' ||
      case a.grantee when 0 then 'public' else a.grantee::regrole::text end as name, ${parent} as parent,
      ${facts({ 'with grant option': `case when bool_or(a.is_grantable) then 'yes' end` })},
      ${column === undefined ? noDetails : details({ column: `c.oid::regclass || '.' || ${column}` })}
    from ${from}, lateral aclexplode(${acl}) a where a.grantee <> ${owner} and ${where} group by 2, 3${column === undefined ? '' : ', 5'}`;
}

const relationKind = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end`;
const relation = `${relationKind} || ' ' || c.oid::regclass`;
const relations = `pg_class c join pg_namespace n on n.oid = c.relnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition and ${byHand('pg_class', 'c.oid')}`;
const routine = `case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end || ' ' || p.oid::regprocedure`;
const type = `case t.typtype when 'd' then 'domain' else 'type' end || ' ' || format_type(t.oid, null)`;

export const grantQueries: readonly string[] = [
  grantsOn({
    object: `'schema ' || quote_ident(n.nspname)`,
    parent: `'schema ' || quote_ident(n.nspname)`,
    acl: `coalesce(n.nspacl, acldefault('n', n.nspowner))`,
    owner: 'n.nspowner',
    from: 'pg_namespace n',
  }),
  grantsOn({
    object: relation,
    parent: relation,
    acl: `coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))`,
    owner: 'c.relowner',
    from: relations,
  }),
  grantsOn({
    object: relation,
    parent: relation,
    acl: 'at.attacl',
    owner: 'c.relowner',
    from: `${relations} join pg_attribute at on at.attrelid = c.oid and at.attacl is not null and not at.attisdropped`,
    column: 'quote_ident(at.attname)',
  }),
  grantsOn({
    object: routine,
    parent: routine,
    acl: `coalesce(p.proacl, acldefault('f', p.proowner))`,
    owner: 'p.proowner',
    from: `pg_proc p join pg_namespace n on n.oid = p.pronamespace and ${isRoutine}`,
  }),
  grantsOn({
    object: type,
    parent: type,
    acl: `coalesce(t.typacl, acldefault('T', t.typowner))`,
    owner: 't.typowner',
    from: `pg_type t join pg_namespace n on n.oid = t.typnamespace and ${isType}`,
  }),
  // Those that are not there cannot differ, and of those that come with PostgreSQL everybody has what they come with.
  ...[
    { kind: 'language', catalog: 'pg_language', prefix: 'lan', letter: 'l' },
    { kind: 'foreign data wrapper', catalog: 'pg_foreign_data_wrapper', prefix: 'fdw', letter: 'F' },
    { kind: 'foreign server', catalog: 'pg_foreign_server', prefix: 'srv', letter: 'S' },
  ].map(({ kind, catalog, prefix, letter }) =>
    grantsOn({
      object: `'${kind} ' || quote_ident(o.${prefix}name)`,
      parent: `'${kind} ' || quote_ident(o.${prefix}name)`,
      acl: `coalesce(o.${prefix}acl, acldefault('${letter}', o.${prefix}owner))`,
      owner: `o.${prefix}owner`,
      from: `${catalog} o`,
      where: 'true',
    }),
  ),
  // One a kind of object, not one a right: what stands here in place of the built-in default may just leave public out.
  `select 'default privileges' as kind, concat_ws(' ', 'on',
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
      'in schema ' || n.nspname, 'made by', d.defaclrole::regrole) as name, null as parent, ${facts({
        grants: `select string_agg(lower(a.privilege_type) || ' to ' || case a.grantee when 0 then 'public' else a.grantee::regrole::text end || case when a.is_grantable then ' with grant option' else '' end, ', ' order by a.grantee::regrole::text, a.privilege_type)
                   from aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole`,
      })}, ${noDetails}
     from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`,
];
