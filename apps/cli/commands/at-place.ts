import { type DatabasePlace, openPlace, readDatabaseConfig } from '@quantum-hub/database/admin';
import { hubError, onStopSignal } from '@quantum-hub/kernel';
import { exitCodes } from '../faults.ts';
import { type OutputOptions, progressTo } from '../output.ts';

export interface PlaceNeeds extends OutputOptions {
  /** As the server's list of users shows it, such as `qhub db health`. */
  readonly purpose: string;
  /** The command has nothing to do where there never was a database. */
  readonly mustExist?: boolean;
  /** An interruption ends the command only when the work, told by its signal, has cleaned up. */
  readonly cleansUp?: boolean;
}

/** Finds the database; settings without effect are told. */
export async function placeFor(needs: PlaceNeeds): Promise<DatabasePlace> {
  const config = readDatabaseConfig();
  const onProgress = progressTo(needs);
  for (const notice of config.notices) onProgress(`Note: ${notice}.`);
  const { purpose, mustExist } = needs;
  return await openPlace(config, { purpose, mustExist, onProgress });
}

/**
 * Does a command's work at the database. An embedded server that is down runs for as long as the work takes; Ctrl-C ends
 * the work, but not before the server is given back.
 */
export async function atPlace<Result>(
  needs: PlaceNeeds,
  work: (place: DatabasePlace, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const { promise: interruption, reject } = Promise.withResolvers<never>();
  interruption.catch(() => {});
  let interrupted = false;
  using _signals = onStopSignal(
    (signal) => {
      interrupted = true;
      abort.abort();
      reject(hubError('kernel.interrupted', { signal }));
    },
    () => process.exit(exitCodes.interrupted),
  );
  await using place = await placeFor(needs);
  if (interrupted) return await interruption;
  const working = work(place, abort.signal);
  if (!needs.cleansUp) return await Promise.race([working, interruption]);
  // What the work throws when it is interrupted is of no interest: that it was is.
  return await working.catch(async (error) => (interrupted ? await interruption : Promise.reject(error)));
}
