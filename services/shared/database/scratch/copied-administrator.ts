/** The login that migrates a database, made again on a copy: what it may not do there it may not do here. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { ownerRole } from '../provision/roles.ts';
import { identifier } from '../provision/sql-text.ts';
import type { ScratchDatabase } from './scratch-database.ts';

export type Administrator = {
  readonly name: string;
  readonly isSuperuser: boolean;
  /** As `alter role` wants them, such as `createrole nobypassrls`. */
  readonly attributes: string;
  /** The roles that it is a member of, and how, such as `with admin option`. */
  readonly memberships: readonly { readonly role: string; readonly how: string }[];
  /** Of a database that is not there it becomes the owner. */
  readonly ownsDatabase: boolean;
  /** The server has the hub's roles, so that its memberships say whether it may act as the owner role. */
  readonly hasRoles: boolean;
};

/** `database` need not exist. */
export async function readAdministrator(session: AdminSession, database: string): Promise<Administrator> {
  const { rows } = await session.query(
    `select rolname as name, rolsuper as "isSuperuser",
            concat_ws(' ', case when rolinherit then 'inherit' else 'noinherit' end, case when rolcreaterole then 'createrole' else 'nocreaterole' end,
              case when rolcreatedb then 'createdb' else 'nocreatedb' end, case when rolbypassrls then 'bypassrls' else 'nobypassrls' end,
              case when rolreplication then 'replication' else 'noreplication' end) as attributes,
            coalesce((select datdba = r.oid from pg_database where datname = $1), true) as "ownsDatabase",
            exists (select from pg_roles where rolname = $2) as "hasRoles",
            (select coalesce(json_agg(to_jsonb(m) || jsonb_build_object('role', g.rolname)), '[]')
               from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as granted
       from pg_roles r where rolname = session_user`,
    [database, ownerRole],
  );
  const { granted, ...administrator } = rows[0] as Omit<Administrator, 'memberships'> & {
    granted: Granted[];
  };
  const byRole = Map.groupBy(granted, ({ role }) => role);
  const memberships = [...byRole].map(([role, grants]) => ({ role, how: howOf(grants) }));
  return { ...administrator, memberships };
}

/** Whether the rights are inherited, and may be taken on by SET ROLE, PostgreSQL keeps from 16 on. */
type Granted = {
  readonly role: string;
  readonly admin_option: boolean;
  readonly inherit_option?: boolean;
  readonly set_option?: boolean;
};

/** Who granted it may be several; on the copy it is one, whose last word would count. */
function howOf(grants: readonly Granted[]): string {
  const admin = grants.some(({ admin_option }) => admin_option);
  if (grants[0]?.inherit_option === undefined) return admin ? 'with admin option' : '';
  const inherit = grants.some(({ inherit_option }) => inherit_option);
  const set = grants.some(({ set_option }) => set_option);
  return `with admin ${admin}, inherit ${inherit}, set ${set}`;
}

/** A session on the copy of a login like that one; of the scratch server's superuser where that is one too. */
export async function enterAs(scratch: ScratchDatabase, administrator: Administrator): Promise<Client> {
  const login = administrator.isSuperuser ? {} : await makeLogin(scratch, administrator);
  const session = new Client({ ...scratch.address, ...login });
  await session.connect();
  return session;
}

async function makeLogin({ session, address }: ScratchDatabase, administrator: Administrator) {
  const { attributes, ownsDatabase } = administrator;
  const user = nameOnCopy(administrator, address.user);
  const password = randomUUID();
  const { rowCount } = await session.query('select from pg_roles where rolname = $1', [user]);
  if (rowCount === 0) await session.query(`create role ${identifier(user)}`);
  await session.query(
    `alter role ${identifier(user)} login nosuperuser ${attributes} password '${password}'`,
  );
  const database = identifier(address.database);
  await session.query(
    ownsDatabase
      ? `alter database ${database} owner to ${identifier(user)}`
      : `grant connect on database ${database} to ${identifier(user)}`,
  );
  return { user, password };
}

/** On some managed servers the plain administrator is called as the scratch server's superuser is. */
function nameOnCopy({ name }: Administrator, superuser: string): string {
  return name === superuser ? `${name}_on_copy` : name;
}

/** What it is a member of; on a server that did not have the hub's roles yet provisioning would let it act as the owner. */
export async function joinRoles(
  { session, address }: ScratchDatabase,
  administrator: Administrator,
): Promise<void> {
  const { isSuperuser, memberships, hasRoles } = administrator;
  if (isSuperuser) return;
  const user = identifier(nameOnCopy(administrator, address.user));
  const wanted = hasRoles ? memberships : [...memberships, { role: ownerRole, how: '' }];
  const { rows } = await session.query('select rolname as role from pg_roles');
  const known = new Set(rows.map(({ role }) => role));
  for (const { role, how } of wanted.filter((one) => known.has(one.role))) {
    await session.query(`grant ${identifier(role)} to ${user} ${how}`);
  }
}
