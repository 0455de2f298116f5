import { Hidden, isHubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import type { ProvisionOptions, ServiceLoginOptions } from '../provision/index.ts';
import { keepSecret } from '../server/index.ts';
import { applicationPasswordFile, type DatabasePlace } from './database-place.ts';
import { ensureDatabase } from './ensure-database.ts';

/** A number of our own among the advisory locks. */
const passwordLock = 7_000_101;

export interface PlaceProvisioning {
  readonly serviceLogins?: readonly ServiceLoginOptions[];
  /** Gives logins that exist already the passwords of the settings. */
  readonly resetPasswords?: boolean;
}

/** What provisioning is asked for at a place, by its settings alone; nothing is connected to or changed. */
export function provisionOptions(
  place: DatabasePlace,
  { serviceLogins, resetPasswords = false }: PlaceProvisioning = {},
): ProvisionOptions {
  const { user, password } = place.application;
  const { statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs } = place.config.timeouts;
  return {
    database: place.admin.database,
    applicationLogin: {
      name: user,
      password: password instanceof Hidden ? password.reveal() : password,
      resetPassword: resetPasswords && password !== undefined,
    },
    serviceLogins,
    timeouts: {
      statementMs: statementTimeoutMs,
      lockMs: lockTimeoutMs,
      idleInTransactionMs: idleInTransactionTimeoutMs,
    },
  };
}

/** Makes the database where it is missing, and calls `work` with an administrator's session and what to provision. */
export async function withProvisioning<Result>(
  place: DatabasePlace,
  wanted: PlaceProvisioning & { readonly service: string },
  work: (admin: AdminConnection, options: ProvisionOptions, created: boolean) => Promise<Result>,
): Promise<Result> {
  const { service } = wanted;
  const created = await ensureDatabase(place.admin, service);
  await using admin = await connectAdmin(place.admin, { service });
  if (place.config.kind === 'server') return await work(admin, provisionOptions(place, wanted), created);
  await makePassword(admin, place.config.home);
  const { applicationLogin, ...options } = provisionOptions(place, wanted);
  const resetPassword = applicationLogin.resetPassword || (await isRefused(place, service));
  return await work(admin, { ...options, applicationLogin: { ...applicationLogin, resetPassword } }, created);
}

/** Under a lock, because two commands at once would each make one, and only the last one's would be kept. */
async function makePassword(admin: AdminConnection, home: string): Promise<void> {
  await admin.query(`select pg_advisory_lock(${passwordLock})`);
  try {
    keepSecret(home, applicationPasswordFile);
  } finally {
    await admin.query(`select pg_advisory_unlock(${passwordLock})`);
  }
}

/** After its file was lost, the embedded server's login gets the new password. */
async function isRefused(place: DatabasePlace, service: string): Promise<boolean> {
  try {
    await using _ = await connectAdmin(place.application, { service });
    return false;
  } catch (error) {
    return isHubError(error, 'database.wrong_password');
  }
}
