/** Puts migrations into a folder: a pair of files and a line in ORDER for each. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { formatDownHeader, formatUpHeader } from '../header.ts';
import type { PlannedMigration } from './plan-change.ts';

export type WrittenMigration = Pick<
  PlannedMigration,
  'hazards' | 'reversible' | 'breaking' | 'transaction'
> & {
  readonly name: string;
  readonly description: string;
  /** Paths of the two files. */
  readonly up: string;
  readonly down: string;
};

const longestSlug = 60;

/** `add_a_phone_number` for "Add a phone number". Throws `database.description_invalid` where no letter is left. */
export function slugOf(description: string): string {
  const plain = description.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}_${word}`;
    if (longer.length > longestSlug) break;
    slug = longer;
  }
  if (slug !== '' && !/\p{Cc}/u.test(description)) return slug;
  throw hubError('database.description_invalid', { description: JSON.stringify(description) });
}

/** Writes all or, where one of the files can't be written, none. */
export function writeMigrations(
  folder: string,
  description: string,
  planned: readonly PlannedMigration[],
  now = new Date(),
): WrittenMigration[] {
  const slug = slugOf(description);
  const order = readFileSync(join(folder, 'ORDER'), 'utf8');
  const written = planned.map((migration, at): WrittenMigration => {
    const { what, hazards, reversible, breaking, transaction } = migration;
    const name = `${timestamp(order, now, at)}_${what === undefined ? slug : slugOf(what)}`;
    const up = join(folder, 'versions', `${name}.up.sql`);
    const down = join(folder, 'versions', `${name}.down.sql`);
    const says = what === undefined ? description : `${what} (${description})`;
    return { name, description: says, up, down, hazards, reversible, breaking, transaction };
  });
  const done: string[] = [];
  try {
    for (const [at, facts] of written.entries()) {
      const { up, down } = planned[at] as PlannedMigration;
      const texts = [
        [facts.up, `${formatUpHeader(facts)}\n${body(up)}`],
        [
          facts.down,
          `${formatDownHeader({ ...facts, description: `Takes back: ${facts.description}` })}\n${body(down)}`,
        ],
      ] as const;
      for (const [path, text] of texts) {
        writeFileSync(path, text, { flag: 'wx' });
        done.push(path);
      }
    }
    const names = written.map(({ name }) => `${name}\n`).join('');
    appendFileSync(join(folder, 'ORDER'), order === '' || order.endsWith('\n') ? names : `\n${names}`);
  } catch (error) {
    for (const path of done) rmSync(path);
    throw error;
  }
  return written;
}

function body(statements: readonly string[]): string {
  return statements.map((sql) => (sql.startsWith('--') ? `${sql}\n` : `${sql};\n`)).join('');
}

/** One second a migration, and always after the last one: ORDER reads as the names sort. */
function timestamp(order: string, now: Date, at: number): string {
  const last = order.trim().split('\n').at(-1) ?? '';
  const [, y, m, d, h, i, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(last) ?? [];
  const after =
    y === undefined ? 0 : Date.UTC(+y, Number(m) - 1, Number(d), Number(h), Number(i), Number(s)) + 1000;
  const time = new Date(Math.max(now.getTime(), after) + at * 1000);
  return time.toISOString().slice(0, 19).replace(/[-:]/g, '');
}
