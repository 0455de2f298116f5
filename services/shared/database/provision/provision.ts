import { HubError, hubError } from '@quantum-hub/kernel';
import type { ProvisionOptions } from './options.ts';
import { provisioningSql } from './provisioning-sql.ts';
import { retried } from './retry.ts';
import type { SqlClient } from './sql-client.ts';
import { requestImpossible, rightMissing } from './steps/refuse.ts';
import { type Finding, verifyProvisioning } from './verify.ts';

/**
 * Makes a database ready for migrations and services: roles, logins, memberships, rights, time limits. Idempotent; safe
 * beside other provisionings in the same cluster. `admin` is connected to that database, outside a transaction, as a
 * superuser or as the database's owner with CREATEROLE.
 *
 * Returns what could not be done and does no harm (warnings). Throws `database.admin_right_missing` with the statement
 * that a superuser must run, `database.config_invalid` when what was asked for cannot be, and
 * `database.not_provisioned` when something that somebody else did keeps the database unsafe.
 */
export async function provision(admin: SqlClient, options: ProvisionOptions): Promise<Finding[]> {
  const sql = provisioningSql(options);
  await retried(async () => {
    try {
      await admin.query(sql);
    } catch (error) {
      await endTransaction(admin);
      throw error;
    }
  }).catch(async (error) => {
    throw await explained(admin, error);
  });
  const administrator = await currentUser(admin);
  const findings = await verifyProvisioning(admin, {
    administrator,
    applicationLogin: options.applicationLogin.name,
    serviceLogins: options.serviceLogins,
    timeouts: options.timeouts,
  });
  const faults = findings.filter((finding) => finding.severity === 'fault');
  if (faults.length === 0) return findings;
  const missing = faults.map((fault) => `${fault.sentence}: ${fault.statement}`).join('; ');
  throw hubError('database.not_provisioned', { database: options.database, missing });
}

/** A transaction that failed keeps its session unusable; a session that is gone has nothing to end. */
async function endTransaction(admin: SqlClient): Promise<void> {
  await admin.query('rollback').catch(() => undefined);
}

async function currentUser(admin: SqlClient): Promise<string> {
  const { rows } = await admin.query('select current_user::text as name');
  return String(rows[0]?.name);
}

async function explained(admin: SqlClient, error: unknown): Promise<unknown> {
  if (error instanceof HubError) return error;
  const { code, message, detail, hint } = error as {
    code?: string;
    message: string;
    detail?: string;
    hint?: string;
  };
  if (code === requestImpossible)
    return hubError('database.config_invalid', { faults: message }, { cause: error });
  if (code !== rightMissing) return error;
  const params = { login: await currentUser(admin), right: detail ?? message, statement: hint ?? '' };
  return hubError('database.admin_right_missing', params, { cause: error });
}
