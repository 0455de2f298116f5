// Database roles in words.
import { code } from '../markdown.ts';

const words: Readonly<Record<string, string>> = {
  qhub_identity: 'the identity service',
  qhub_development: 'the development service',
  qhub_marketplace: 'the marketplace service',
  qhub_execution: 'the execution service',
  qhub_worker: 'the worker',
  qhub_steward: 'the steward of accounts',
  qhub_sign_in: 'the look-ups before sign-in',
  qhub_maintenance: 'maintenance',
  qhub_backup: 'the backup',
};

const list = new Intl.ListFormat('en-GB');

/** `The worker`, `The identity service and the backup`; a role without words of its own appears by its name. */
export function roleText(roles: readonly string[]): string {
  const text = list.format(roles.map((role) => words[role] ?? code(role))) || 'everybody';
  return text.charAt(0).toUpperCase() + text.slice(1);
}
