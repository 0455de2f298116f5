// Row-security policies in words.

import type { PolicyDescription } from '../../../services/shared/database/models/index.ts';
import { code } from '../markdown.ts';
import { roleText } from './role-text.ts';

const verbs = {
  all: 'read and write',
  select: 'read',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
};

const own = /^(\w+) = \(select hub\.actor\(\)\)$/;

/** A condition as the end of a sentence: `every row`, `rows whose user_id is the signed-in user`, `rows where ...`. */
function rows(condition: string): string {
  if (condition === 'true') return 'every row';
  const column = own.exec(condition)?.[1];
  if (column !== undefined) return `rows whose ${code(column)} is the signed-in user`;
  const sql = condition.replaceAll('(select hub.actor())', 'hub.actor()').replace(/\s+/g, ' ');
  return `rows where ${code(sql.trim())}`;
}

/** One sentence with the policy's name at its end. */
export function policyText({ name, command, restrictive, roles, using, check }: PolicyDescription): string {
  const which = rows(using ?? check ?? 'true');
  const written =
    using !== undefined && check !== undefined && check !== using ? `, and leave only ${rows(check)}` : '';
  const may = restrictive ? 'may at most' : 'may';
  return `${roleText(roles)} ${may} ${verbs[command]} ${which}${written} (${code(name)}).`;
}
