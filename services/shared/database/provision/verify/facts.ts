import { functionOwners, ownerRole, roleNames } from '../roles.ts';
import type { SqlClient } from '../sql-client.ts';

/** What the catalogues say. All of it can be read by every login, so that a start-up check needs no administrator. */
export interface Facts {
  database: string;
  /** The hub's roles and the logins asked about, as far as they exist. */
  roles: readonly RoleFact[];
  /** Direct memberships of the hub's roles in others. */
  memberships: readonly { member: string; role: string }[];
  /** Which login may SET ROLE to which of the hub's roles, and has its rights even without. */
  reaches: readonly { login: string; role: string; inherited: boolean }[];
  /** What PUBLIC may do: `CONNECT`, `TEMPORARY`, `CREATE` in the database, `USAGE`, `CREATE` in the schema public. */
  publicRights: readonly { place: 'database' | 'schema public'; rights: string }[];
  /** Which of the logins may connect. */
  connecting: readonly string[];
  /** The owner may create schemas. */
  ownerCreates: boolean;
  /** The roles whose future functions PUBLIC may not execute. */
  closed: readonly string[];
  /** Settings of the logins in this database. */
  settings: readonly { login: string; name: string; value: string }[];
}

export interface RoleFact {
  name: string;
  superuser: boolean;
  bypassesRls: boolean;
  canLogin: boolean;
  /** Further attributes that a plain role must not have, as ALTER ROLE words: `createrole`, `createdb`, `replication`. */
  extras: string;
}

/** `logins` are the names that the facts are about, whether they exist or not. */
export async function readFacts(client: SqlClient, logins: readonly string[]): Promise<Facts> {
  const all = async <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await client.query(text, values)).rows as Row[];
  const names = async (text: string, about: readonly string[]): Promise<string[]> =>
    (await all<{ name: string }>(text, about)).map((row) => row.name);
  const [place] = (await all(placeSql, ownerRole)) as [Pick<Facts, 'database' | 'ownerCreates'>];
  return {
    ...place,
    roles: await all(rolesSql, [...roleNames, ...logins]),
    memberships: await all(membershipsSql, roleNames),
    reaches: await all(reachesSql, logins, roleNames),
    publicRights: await all(publicRightsSql),
    connecting: await names(connectingSql, logins),
    closed: await names(closedSql, functionOwners),
    settings: await all(settingsSql, logins),
  };
}

const placeSql = `
  select current_database()::text as database,
    exists (select from pg_catalog.pg_roles
      where rolname = $1 and has_database_privilege(oid, current_database(), 'create')) as "ownerCreates"`;

const closedSql = `
  select rolname::text as name from pg_catalog.pg_default_acl join pg_catalog.pg_roles on pg_roles.oid = defaclrole
  where rolname = any($1::text[]) and defaclnamespace = 0 and defaclobjtype = 'f'
    and not exists (select from pg_catalog.aclexplode(defaclacl) given where given.grantee = 0)`;

const rolesSql = `
  select rolname::text as name, rolsuper as superuser, rolbypassrls as "bypassesRls", rolcanlogin as "canLogin",
    concat_ws(' ', case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
      case when rolreplication then 'replication' end) as extras
  from pg_catalog.pg_roles where rolname = any($1::text[])`;

const membershipsSql = `
  select distinct member.rolname::text as member, role.rolname::text as role
  from pg_catalog.pg_auth_members given
  join pg_catalog.pg_roles role on role.oid = given.roleid
  join pg_catalog.pg_roles member on member.oid = given.member
  where member.rolname = any($1::text[])`;

// The kind of membership 'SET' is known from 16 on; before, every member could SET ROLE.
const reachesSql = `
  select login.rolname::text as login, role.rolname::text as role,
    not login.rolsuper and pg_catalog.pg_has_role(login.oid, role.oid, 'USAGE') as inherited
  from pg_catalog.pg_roles login cross join pg_catalog.pg_roles role
  where login.rolname = any($1::text[]) and role.rolname = any($2::text[])
    and pg_catalog.pg_has_role(login.oid, role.oid,
      case when pg_catalog.current_setting('server_version_num')::integer < 160000 then 'MEMBER' else 'SET' end)`;

const publicRightsSql = `
  select place, string_agg(given.privilege_type, ', ' order by given.privilege_type) as rights
  from (
    select 'database' as place, coalesce(datacl, pg_catalog.acldefault('d', datdba)) as acl
    from pg_catalog.pg_database where datname = current_database()
    union all
    select 'schema public', coalesce(nspacl, pg_catalog.acldefault('n', nspowner))
    from pg_catalog.pg_namespace where nspname = 'public'
  ) places, pg_catalog.aclexplode(acl) given
  where given.grantee = 0
  group by place order by place`;

const connectingSql = `
  select rolname::text as name from pg_catalog.pg_roles
  where rolname = any($1::text[]) and has_database_privilege(oid, current_database(), 'connect')`;

const settingsSql = `
  select rolname::text as login, split_part(entry, '=', 1) as name,
    substr(entry, strpos(entry, '=') + 1) as value
  from pg_catalog.pg_db_role_setting kept
  join pg_catalog.pg_database on pg_database.oid = kept.setdatabase
  join pg_catalog.pg_roles on pg_roles.oid = kept.setrole
  cross join unnest(kept.setconfig) entry
  where datname = current_database() and rolname = any($1::text[])`;
