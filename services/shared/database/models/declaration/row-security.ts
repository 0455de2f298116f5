/** Row-level security in the words that models use. Every expression reads the actor that the unit of work set. */
import type { PolicyDef } from '@mikro-orm/core';
import { backupRole, maintenanceRole, signInRole, stewardRole } from '../../provision/roles.ts';

/** The signed-in user's id, or null. In a sub-select, so that it is computed once a statement and not once a row. */
export const actor = '(select hub.actor())';

/** A policy for some roles; `using` also checks what is written unless `check` says otherwise. */
export function policy(
  name: string,
  roles: readonly string[],
  command: 'select' | 'insert' | 'update' | 'delete' | 'all',
  using: string,
  check: string = using,
): PolicyDef {
  const reads = command !== 'insert';
  const writes = command !== 'select' && command !== 'delete';
  return {
    name,
    roles: [...roles],
    command,
    ...(reads && { using }),
    ...(writes && { check }),
  };
}

/** The named ways past ownership: maintenance reads and writes all rows, backup reads all. */
export function upkeep(table: string): PolicyDef[] {
  return [
    policy(`${table}_maintenance`, [maintenanceRole], 'all', 'true'),
    policy(`${table}_backup`, [backupRole], 'select', 'true'),
  ];
}

/** Look-ups before sign-in read by exact hash or name, inside functions that this role owns. */
export function signInReads(table: string): PolicyDef {
  return policy(`${table}_sign_in`, [signInRole], 'select', 'true');
}

/** What administrators, the sender of mail and the upkeep of accounts do with everybody's rows, as far as grants let them. */
export function stewardship(table: string): PolicyDef {
  return policy(`${table}_steward`, [stewardRole], 'all', 'true');
}

export const forced = { rowLevelSecurity: 'force' as const };
