/** The migrations on disk: pairs of SQL files, in the order of the file ORDER (so that two branches that add one collide in git). */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { type DownHeader, readDownHeader, readUpHeader, type UpHeader } from './header.ts';
import { type Statement, splitStatements, UnfinishedSql } from './statements.ts';

/** One of the two files of a migration. */
export type MigrationFile<Header> = {
  /** Below the folder of migrations, such as `versions/20261122T170000_hub_schema.up.sql`. */
  readonly path: string;
  readonly text: string;
  readonly header: Header;
  readonly statements: readonly Statement[];
};

export type Migration = {
  /** `<timestamp>_<slug>`, as it stands in ORDER. */
  readonly name: string;
  readonly up: MigrationFile<UpHeader>;
  readonly down: MigrationFile<DownHeader>;
  /** SHA-256 of the up file, hexadecimal. */
  readonly sha256: string;
};

/** Where Quantum Hub's own migrations are. */
export const migrationsFolder: string = import.meta.dirname;

const nameForm = /^\d{8}T\d{6}_[a-z0-9]+(_[a-z0-9]+)*$/;

/**
 * Reads and checks a folder with `ORDER` and `versions/`. Throws `database.migration_order_invalid` with every fault of
 * names and files, `database.migration_header_invalid`, or `database.migration_file_invalid` with the line.
 */
export function readMigrations(folder = migrationsFolder): Migration[] {
  const names = readOrder(folder)
    .split('\n')
    .filter((line) => line !== '');
  refuseOrder(folder, names);
  return names.map((name) => {
    const up = readSql(folder, `versions/${name}.up.sql`, readUpHeader);
    const down = readSql(folder, `versions/${name}.down.sql`, readDownHeader);
    if (up.statements.length === 0) throw invalid(up.path, 1, 'it has no statement');
    if (down.statements.length === 0 && up.header.reversible !== 'no') {
      throw invalid(down.path, 1, 'it has no statement, and the up file does not say "Reversible: no"');
    }
    return { name, up, down, sha256: createHash('sha256').update(up.text).digest('hex') };
  });
}

/** Both files of each name, each name once, and no file that ORDER lacks: it would be overlooked for ever. */
function refuseOrder(folder: string, names: readonly string[]): void {
  const expected = new Set(names.flatMap((name) => [`${name}.up.sql`, `${name}.down.sql`]));
  const present = existsSync(join(folder, 'versions')) ? readdirSync(join(folder, 'versions')) : [];
  const faults = [
    ...names
      .filter((name) => !nameForm.test(name))
      .map((name) => `"${name}" is no name like 20261122T170000_add_phone`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} stands twice`),
    ...[...expected]
      .filter((file) => !present.includes(file))
      .map((file) => `the file versions/${file} is missing`),
    ...present
      .filter((file) => file.endsWith('.sql') && !expected.has(file))
      .map((file) => `versions/${file} belongs to no line of ORDER`),
  ];
  if (faults.length > 0) throw hubError('database.migration_order_invalid', { faults: faults.join('; ') });
}

function readSql<Header extends UpHeader | DownHeader>(
  folder: string,
  path: string,
  readHeader: (path: string, text: string) => Header,
): MigrationFile<Header> {
  const text = textOf(path, bytesOf(folder, path));
  if (text.trim() === '') throw invalid(path, 1, 'it is empty');
  const header = readHeader(path, text);
  const statements = splitOrRefuse(path, text);
  for (const { text: sql, line } of statements) {
    const fault = faultOfStatement(sql);
    if (fault !== undefined) throw invalid(path, line, fault);
  }
  if (header.transaction === 'none' && statements.length > 1) {
    const reason = `"Transaction: none" takes exactly one statement, and here begins number 2 of ${statements.length}`;
    throw invalid(path, statements[1]?.line ?? 1, reason);
  }
  return { path, text, header, statements };
}

function readOrder(folder: string): string {
  try {
    return readFileSync(join(folder, 'ORDER'), 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'can not be read';
    throw hubError(
      'database.migration_order_invalid',
      { faults: `the file ORDER ${reason}` },
      { cause: error },
    );
  }
}

function bytesOf(folder: string, path: string): Buffer {
  try {
    return readFileSync(join(folder, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EISDIR' ? 'it is a folder, and a file was expected' : `it can not be read (${code})`;
    throw invalid(path, 1, reason);
  }
}

/** With the line ends of Unix, so that a checkout with others is the same migration. */
function textOf(path: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) throw invalid(path, 1, 'it begins with a byte order mark; save it without');
  const lineOf = (at: number) => text.slice(0, at).split('\n').length;
  if (!isUtf8(bytes)) {
    throw invalid(path, lineOf(text.indexOf('\uFFFD')), 'it is not UTF-8 from here on; save it as UTF-8');
  }
  const nul = text.indexOf('\0');
  if (nul !== -1)
    throw invalid(path, lineOf(nul), 'it holds a NUL character, which PostgreSQL takes nowhere');
  return text.replaceAll('\r\n', '\n');
}

function splitOrRefuse(path: string, text: string): Statement[] {
  try {
    return splitStatements(text);
  } catch (error) {
    if (error instanceof UnfinishedSql) throw invalid(path, error.line, error.message);
    throw error;
  }
}

/** What would end the transaction that keeps a migration whole, and what only psql knows. */
function faultOfStatement(sql: string): string | undefined {
  const first =
    /^(begin|start\s+transaction|commit|end|abort|rollback(?!\s+to)|prepare\s+transaction)\b/i.exec(sql);
  if (first) return `"${first[0]}" is the runner's: it makes the transaction itself`;
  if (/^copy\b[^;]*\bfrom\s+stdin\b/i.test(sql)) return 'rows cannot follow a COPY here: use INSERT';
  return sql.startsWith('\\') ? 'commands of psql are no SQL' : undefined;
}

function invalid(file: string, line: number, reason: string): Error {
  return hubError('database.migration_file_invalid', { file, line, reason });
}
