/** How jobs and their results are cut: by month of the UUIDv7 id, with one partition for all before the first month. */
import { uuidv7Floor } from '@quantum-hub/kernel';

/** The first month that has a partition of its own: the hub did not exist before. */
export const firstPartitionMonth = '2026-11';

/**
 * MikroORM wants the partitions that a table is created with. Later ones are made ahead by
 * `npx qhub db partitions create` and are none of the differ's business.
 */
export function rangeById(table: string) {
  const floor = uuidv7Floor(new Date(`${firstPartitionMonth}-01T00:00:00Z`));
  return {
    type: 'range' as const,
    expression: 'id' as const,
    partitions: [
      {
        name: `${table}_before_${firstPartitionMonth.replace('-', '_')}`,
        values: `from (minvalue) to ('${floor}')`,
      },
    ],
  };
}
