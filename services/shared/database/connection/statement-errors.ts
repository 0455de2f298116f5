import { type ErrorCode, HubError, hubError } from '@quantum-hub/kernel';
import type { PostgresFault } from './postgres-fault.ts';

/** Names of constraints with the error that each stands for; the models supply it. */
export type ConstraintCodes = Readonly<Record<string, ErrorCode>>;

const lostStates = /^(08|57P0[1235])/;
const networkCode = /^(connection$|E[A-Z_]{3,}$)/;

/** True when the connection is gone: no later statement of the unit of work can run. */
export function isConnectionLost({ code }: { code: string }): boolean {
  return lostStates.test(code) || networkCode.test(code);
}

/** The transaction can be run again with hope of success: a serialization failure or a deadlock. */
export function isRetryable({ code, routine }: { code: string; routine?: string }): boolean {
  return code === '40001' || code === '40P01' || isStalePlan({ code, routine });
}

/** A named statement whose result changed shape with a migration; on a fresh connection it works again. */
export function isStalePlan({ code, routine }: { code: string; routine?: string }): boolean {
  return code === '0A000' && routine === 'RevalidateCachedQuery';
}

const malformed: Readonly<Record<string, string>> = {
  '22001': 'a text is too long',
  '22003': 'a number is out of range',
  '22007': 'a date or time is malformed',
  '22008': 'a date or time is out of range',
  '22012': 'a division by zero',
  '22021': 'a text has characters that cannot be stored',
  '22P02': 'a value is malformed',
  '22P05': 'a text has characters that cannot be stored',
};

function integrityError(cause: PostgresFault): HubError | undefined {
  const { constraint, table, column } = cause;
  switch (cause.code) {
    case '23505':
    case '23P01':
      return hubError('database.unique_violated', { constraint }, { cause });
    case '23503':
      return /^update or delete/.test(cause.message)
        ? hubError('database.still_referenced', { constraint }, { cause })
        : hubError('database.reference_missing', { constraint }, { cause });
    case '23001':
      return hubError('database.still_referenced', { constraint }, { cause });
    case '23502':
      return hubError('database.not_null_violated', { table, column }, { cause });
    case '23514':
      return cause.routine === 'ExecFindPartition'
        ? hubError('database.partition_missing', { table }, { cause })
        : hubError('database.check_violated', { table, constraint }, { cause });
    default:
      return undefined;
  }
}

function conditionError(cause: PostgresFault): HubError | undefined {
  switch (cause.code) {
    case '40001':
    case '40P01':
      return hubError('database.serialization_failed', { attempts: 1 }, { cause });
    case '42501':
      return hubError('database.access_denied', { reason: cause.message }, { cause });
    case '25006':
      return hubError('database.read_only', {}, { cause });
    case '25P03':
      return hubError('database.idle_timeout', {}, { cause });
    case '53100':
      return hubError('database.disk_full', {}, { cause });
    case '55P03':
      return hubError('database.lock_timeout', {}, { cause });
    case '57014':
      return /user request/.test(cause.message)
        ? hubError('database.cancelled', { reason: 'an administrator stopped the statement' }, { cause })
        : hubError('database.statement_timeout', {}, { cause });
    default:
      return undefined;
  }
}

/** A duplicate in a partition is told by the partition's own index: `jobs_2026_11_pkey` for `jobs_pkey`. */
function constraintOfTable(constraint: string): string {
  return constraint.replace(/_(before_)?\d{4}_\d{2}_pkey$/, '_pkey');
}

/**
 * The error that callers get for a failed statement. A constraint with a code of its own decides, whatever raised it (a
 * trigger may name it too); no text holds a value of a row.
 */
export function statementError(cause: PostgresFault, codes: ConstraintCodes): HubError {
  const { table, column } = cause;
  const constraint = cause.constraint && constraintOfTable(cause.constraint);
  if (constraint !== undefined && Object.hasOwn(codes, constraint)) {
    return new HubError(codes[constraint] as ErrorCode, { constraint, table, column }, { cause });
  }
  if (isConnectionLost(cause)) {
    return hubError('database.connection_lost', { outcome: 'nothing was written' }, { cause });
  }
  const known = integrityError(cause) ?? conditionError(cause);
  if (known) return known;
  if (cause.code.startsWith('22')) {
    return hubError('database.value_invalid', { reason: malformed[cause.code] }, { cause });
  }
  return hubError('database.statement_failed', { sqlState: cause.code }, { cause });
}
