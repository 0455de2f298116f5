/** What every table has: its id and its two times. */
import { p } from '@mikro-orm/core';
import { newId } from '@quantum-hub/kernel';
import { z } from 'zod';
import { withRule } from './rules.ts';

/** Version 7 and RFC 9562's variant: a partition by id holds what was made in its month only if every id tells its time. */
const isVersion7 = (column: string) =>
  `get_byte(uuid_send(${column}), 6) >> 4 = 7 and get_byte(uuid_send(${column}), 8) >> 6 = 2`;

/**
 * `id` is made in the application (a UUIDv7, so that rows sort by age and partitions by id);
 * `created_at` and `updated_at` are kept by the trigger `set_times`, whatever a statement says.
 */
export function base() {
  return {
    id: withRule(p.uuid(), { zod: z.uuid({ version: 'v7' }).toLowerCase(), check: isVersion7 })
      .primary()
      .onCreate(() => newId())
      .comment('UUIDv7, made in the application; its first 48 bits are the time it was made.'),
    createdAt: p
      .datetime()
      .columnType('timestamptz')
      .defaultRaw('now()')
      .comment('When the row was made; kept by the database.'),
    updatedAt: p
      .datetime()
      .columnType('timestamptz')
      .defaultRaw('now()')
      .comment('When the row last changed; kept by the database.'),
  };
}
