/** What stands around rows: triggers, policies, row security, comments. None of it reads or locks them for long. */
import type { Table } from './catalog.ts';
import { type Change, literal, quote } from './change.ts';
import { replacedColumns } from './column-changes.ts';

/** Whether a text speaks of a column that gets another type, so that PostgreSQL wants it dropped first. */
export type IsBlocked = (table: string, definition: string) => boolean;

/** What has to go before columns change, and what is to be made afterwards. */
export function guardChanges(
  from: Table | undefined,
  to: Table,
  isBlocked: IsBlocked,
): { release: Change[]; guard: Change[]; remarks: Change[] } {
  const release: string[] = [];
  const guard: string[] = [];
  const table = quote(to.schema, to.name);
  for (const { name, definition } of from?.policies.values() ?? []) {
    const stays = to.policies.get(name)?.definition === definition && !isBlocked(to.key, definition);
    if (!stays) release.push(`drop policy ${quote(name)} on ${table}`);
  }
  for (const { name, definition } of from?.triggers.values() ?? []) {
    const stays = to.triggers.get(name)?.definition === definition && !isBlocked(to.key, definition);
    if (!stays) release.push(`drop trigger ${quote(name)} on ${table}`);
  }
  for (const { name, definition, enabled } of to.triggers.values()) {
    const last = from?.triggers.get(name);
    if (last?.definition !== definition || isBlocked(to.key, definition)) {
      guard.push(definition.replace(/^CREATE (CONSTRAINT )?TRIGGER/, (words) => words.toLowerCase()));
    } else if (last.enabled === enabled) continue;
    if (enabled !== 'yes' || last?.enabled === 'no')
      guard.push(`alter table ${table} ${enabling(enabled)} trigger ${quote(name)}`);
  }
  if ((from?.rowSecurity ?? false) !== to.rowSecurity) {
    guard.push(`alter table ${table} ${to.rowSecurity ? 'enable' : 'disable'} row level security`);
  }
  if ((from?.forceRowSecurity ?? false) !== to.forceRowSecurity) {
    guard.push(`alter table ${table} ${to.forceRowSecurity ? 'force' : 'no force'} row level security`);
  }
  for (const { name, definition } of to.policies.values()) {
    const last = from?.policies.get(name);
    if (last?.definition === definition && !isBlocked(to.key, definition)) continue;
    guard.push(`create policy ${quote(name)} on ${table} ${definition}`);
  }
  const asChanges = (texts: readonly string[]) => texts.map((sql) => ({ table: to.key, sql }));
  return { release: asChanges(release), guard: asChanges(guard), remarks: asChanges(remarks(from, to)) };
}

function enabling(enabled: string): string {
  return { no: 'disable', always: 'enable always', 'on replicas': 'enable replica' }[enabled] ?? 'enable';
}

function remarks(from: Table | undefined, to: Table): string[] {
  const table = quote(to.schema, to.name);
  const texts: string[] = [];
  const say = (what: string, text: string | null) =>
    texts.push(`comment on ${what} is ${text === null ? 'null' : literal(text)}`);
  if ((from?.comment ?? null) !== to.comment) say(`table ${table}`, to.comment);
  const replaced = from === undefined ? new Set() : replacedColumns(from, to);
  for (const column of to.columns.values()) {
    const last = from?.columns.get(column.name);
    const known = last === undefined || replaced.has(column.name) ? null : last.comment;
    if (known !== column.comment) {
      say(`column ${table}.${quote(column.name)}`, column.comment);
    }
  }
  return texts;
}
