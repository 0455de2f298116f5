/** Sends the statements of a migration one by one, and says of an error where it stands. */
import { HubError, hubError } from '@quantum-hub/kernel';
import type { MigrationFile } from './files.ts';
import { firstLocks } from './first-locks.ts';
import type { DownHeader, UpHeader } from './header.ts';
import type { AdminSession } from './owner-transaction.ts';
import { type Statement, withoutValues } from './statements.ts';

type Place = {
  readonly migration: string;
  readonly file: Pick<MigrationFile<UpHeader | DownHeader>, 'path'>;
};

export async function executeStatements(
  session: AdminSession,
  migration: string,
  file: MigrationFile<UpHeader | DownHeader>,
): Promise<void> {
  const locks = firstLocks(file.statements);
  const run = async (sql: string, statement: Statement) => {
    try {
      await session.query(sql);
    } catch (error) {
      const number = file.statements.indexOf(statement) + 1;
      const outcome = 'nothing of it was kept';
      throw migrationFailed({ migration, file }, statement, { number, outcome, error });
    }
  };
  if (locks !== undefined) await run(locks.sql, locks.before);
  for (const statement of file.statements) await run(statement.text, statement);
}

/** PostgreSQL's DETAIL is left in the cause: it shows values of rows. */
export function migrationFailed(
  { migration, file }: Place,
  statement: Statement,
  { number, outcome, error }: { number: number; outcome: string; error: unknown },
): Error {
  if (error instanceof HubError) return error;
  const { message, code, hint, position } = error as {
    message: string;
    code?: string;
    hint?: string;
    position?: string;
  };
  const before = position === undefined ? '' : statement.text.slice(0, Number(position) - 1);
  return hubError(
    'database.migration_failed',
    {
      migration,
      file: file.path,
      line: statement.line + before.split('\n').length - 1,
      number,
      statement: withoutValues(statement.text, 100),
      reason: [message, code && `(SQLSTATE ${code})`, hint && `hint: ${hint}`].filter(Boolean).join(' '),
      outcome,
    },
    { cause: error },
  );
}

/** The SQLSTATE behind an error, also of one that was put into words. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return error instanceof HubError ? cause?.code : code;
}
