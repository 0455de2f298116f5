import type { Backfill } from '../definition.ts';

/** Every backfill of this code, one file each in this folder: `qhub db backfill run` finds them here. */
export const backfills: readonly Backfill[] = [];
