import { getDb } from '@quantum-hub/database';
import { type OutboxFigures, readOutboxFigures } from '../queries/outbox-figures.ts';

export type { OutboxFigures };

/** How the outbox stands, for operators on the host; needs an opened database with the role `steward`. */
export async function outboxFigures(): Promise<OutboxFigures> {
  return await getDb((db) => readOutboxFigures(db), { as: 'steward', readOnly: true });
}
