/**
 * The names of every database role, in one place: provisioning creates them, `db.ts` switches to
 * them and the models' policies and grants name them.
 *
 * Roles belong to the whole PostgreSQL cluster, not to one database: several Quantum Hub databases
 * on one server share them. None of them can log in.
 */

/** Owns every schema and object; migrations act as it. It is the hub's only schema-changing role. */
export const ownerRole = 'qhub_owner';

/** One role per service: it writes its own schema and reads of the others what is granted to it. */
export const serviceRoles = {
  identity: 'qhub_identity',
  development: 'qhub_development',
  marketplace: 'qhub_marketplace',
  execution: 'qhub_execution',
} as const;

/** The execution service's worker: sees the jobs of all users. */
export const workerRole = 'qhub_worker';

/** Identity's administration: the accounts, mails and audit events of all users, never their passwords. */
export const stewardRole = 'qhub_steward';

/** Owns the SECURITY DEFINER look-ups that happen before anybody is signed in. */
export const signInRole = 'qhub_sign_in';

/** Backfills and anonymisation: all rows, through policies that name it. */
export const maintenanceRole = 'qhub_maintenance';

/** Reads all rows: through policies that name it, and by BYPASSRLS where a superuser provisions. */
export const backupRole = 'qhub_backup';

export type ServiceName = keyof typeof serviceRoles;

/** What a unit of work can run as: `getDb(work, { as })`. */
export type ActingName = ServiceName | 'worker' | 'steward' | 'maintenance' | 'backup';

export const serviceNames = Object.keys(serviceRoles) as readonly ServiceName[];

const actingRoles: Readonly<Record<ActingName, string>> = {
  ...serviceRoles,
  worker: workerRole,
  steward: stewardRole,
  maintenance: maintenanceRole,
  backup: backupRole,
};

export const actingNames = Object.keys(actingRoles) as readonly ActingName[];

/** What the hub's one login acts as. */
export const applicationRoles: readonly string[] = [...Object.values(serviceRoles), workerRole, stewardRole];

/** What the administrator acts as: migrations, backfills and backups. */
export const administratorRoles: readonly string[] = [ownerRole, maintenanceRole, backupRole];

/** The roles that migrations create functions as. */
export const functionOwners: readonly string[] = [ownerRole, signInRole];

/** The database role behind a name of `getDb(work, { as })`: `roleOf('identity')` is `qhub_identity`. */
export function roleOf(name: ActingName): string {
  const role = Object.hasOwn(actingRoles, name) ? actingRoles[name] : undefined;
  if (role === undefined) {
    throw new TypeError(
      `No database role is called ${JSON.stringify(name)}: expected one of ${actingNames.join(', ')}.`,
    );
  }
  return role;
}

/** What the login of a service that runs alone acts as: identity administers accounts too, all others are one role each. */
export function rolesOfService(service: ServiceName | 'worker'): readonly string[] {
  return service === 'identity' ? [serviceRoles.identity, stewardRole] : [roleOf(service)];
}

/** Every role with its purpose, which becomes the role's comment in the database. */
export const roles: readonly { readonly name: string; readonly purpose: string }[] = [
  { name: ownerRole, purpose: 'Quantum Hub: owns every schema and object; migrations act as it.' },
  ...serviceNames.map((service) => ({
    name: serviceRoles[service],
    purpose: `Quantum Hub: the ${service} service; writes the schema ${service} only.`,
  })),
  { name: workerRole, purpose: "Quantum Hub: execution's worker; sees the jobs of all users." },
  { name: stewardRole, purpose: "Quantum Hub: identity's administration; sees the accounts of all users." },
  { name: signInRole, purpose: 'Quantum Hub: owns the look-ups that happen before sign-in.' },
  { name: maintenanceRole, purpose: 'Quantum Hub: backfills and anonymisation, by named policies.' },
  { name: backupRole, purpose: 'Quantum Hub: reads all rows for backups.' },
];

export const roleNames: readonly string[] = roles.map((role) => role.name);
