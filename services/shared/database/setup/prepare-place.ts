import { type Finding, provision } from '../provision/index.ts';
import type { DatabasePlace } from './database-place.ts';
import { type Prepared, prepareDatabase } from './prepare-database.ts';
import { type PlaceProvisioning, withProvisioning } from './provision-place.ts';

export interface PreparedPlace extends Prepared {
  /** The database was missing and was made. */
  readonly created: boolean;
}

/** Makes a place ready for units of work: database, roles, migrations, partitions, reference data. Safe to run again. */
export async function preparePlace(
  place: DatabasePlace,
  service: string,
  onProgress?: (line: string) => void,
): Promise<PreparedPlace> {
  return await withProvisioning(place, { service }, async (admin, options, created) => ({
    ...(await prepareDatabase(admin, options, onProgress)),
    created,
  }));
}

/** Database and roles only; returns what could not be done and does no harm. */
export async function provisionPlace(
  place: DatabasePlace,
  wanted: PlaceProvisioning & { readonly service: string },
): Promise<{ created: boolean; warnings: Finding[] }> {
  return await withProvisioning(place, wanted, async (admin, options, created) => ({
    created,
    warnings: await provision(admin, options),
  }));
}
