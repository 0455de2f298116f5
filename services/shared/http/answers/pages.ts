import { decodeCursor, defaultPageLimit, largestPageLimit } from '@quantum-hub/kernel';
import { z } from 'zod';

/** The query of a list; spread it into one's own: `z.object({ ...pageQuery, status: ... })`. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(largestPageLimit)
    .default(defaultPageLimit)
    .describe(`How many items at most, from 1 to ${largestPageLimit}.`),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22}$/)
    .refine(isCursor, 'is no cursor of this hub')
    .optional()
    .describe('The nextCursor of an earlier page: goes on behind its last item.'),
};

/** The answer of a list; read the rows with the kernel's `readPageRequest`, and give them with its `pageOf`. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('Give it as cursor for the next page; absent on the last.'),
  });
}

function isCursor(text: string): boolean {
  try {
    decodeCursor(text);
    return true;
  } catch {
    return false;
  }
}
