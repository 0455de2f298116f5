import { getDb } from '@quantum-hub/database';
import { readPageRequest } from '@quantum-hub/kernel';
import { blobKey } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import {
  deleteIdempotencyKeys,
  emptyJobs,
  emptyResults,
  type JobBelongings,
  listIdempotencyKeys,
  readBelongings,
  unfinishedJobs,
} from '../queries/account-jobs.ts';
import { cancelJob } from '../queries/cancel-job.ts';
import type { JobResultRow } from '../queries/read-history.ts';
import { type JobRow, listJobs } from '../queries/read-jobs.ts';

/** Characters of programs and results in one export: an answer has to fit into memory. What goes beyond is told with its place. */
const exportMostCharacters = 64 * 2 ** 20;
const page = 200;

export type AccountOptions = {
  readonly blobs: BlobStore;
  readonly mostCharacters?: number;
};

/** What execution does when an account is exported or ends (the `AccountParticipant` of identity). */
export class ExecutionAccounts {
  readonly service = 'execution';
  readonly #blobs: BlobStore;
  readonly #mostCharacters: number;

  constructor({ blobs, mostCharacters = exportMostCharacters }: AccountOptions) {
    this.#blobs = blobs;
    this.#mostCharacters = mostCharacters;
  }

  /**
   * All jobs of the user, newest first, with events, attempts and results, each program once by its hash, and the idempotency keys. A program
   * or result that has no room any more, or a result that lies in the blob store, is named with where it is to be had.
   */
  async exportAccount(userId: string, signal: AbortSignal): Promise<ExportedJobs> {
    const scope = { as: 'execution', actor: userId, readOnly: true, signal } as const;
    const room = new Room(this.#mostCharacters);
    const programs: Record<string, string> = {};
    const jobs: ExportedJob[] = [];
    for (let after: string | undefined; ; ) {
      const request = { ...readPageRequest({ limit: page }), after };
      const { rows, belongings } = await getDb(async (db) => {
        const found = (await listJobs(db, { userId }, request)).slice(0, page);
        return {
          rows: found,
          belongings: await readBelongings(
            db,
            found.map(({ id }) => id),
          ),
        };
      }, scope);
      for (const row of rows) jobs.push(exportedJob(row, belongings, programs, room));
      after = rows.at(-1)?.id;
      if (rows.length < page) break;
    }
    return { jobs, programs, idempotencyKeys: await getDb((db) => listIdempotencyKeys(db, userId), scope) };
  }

  /** Cancels what waits and runs; what runs has stopped some moments later. */
  async beforeDeletion(userId: string): Promise<void> {
    const scope = { as: 'execution', actor: userId } as const;
    for (;;) {
      const ids = await getDb((db) => unfinishedJobs(db, userId), scope);
      if (ids.length === 0) return;
      for (const id of ids) {
        await getDb((db) => cancelJob(db, { id, origin: 'user', actorId: userId }), scope);
      }
    }
  }

  /**
   * Takes out of the jobs of a deleted account what the person put into them: names, programs, inputs, results and their documents, keys.
   * Jobs, events and attempts stay with their times, devices and outcomes. Asked again it does what is left, such as the result of a run that
   * was there before it could be stopped.
   */
  async afterDeletion(userId: string): Promise<void> {
    await this.beforeDeletion(userId);
    await getDb((db) => deleteIdempotencyKeys(db, userId), { as: 'execution', actor: userId });
    for (;;) {
      const { emptied, blobs } = await getDb((db) => emptyResults(db, userId), { as: 'worker' });
      // A document that is left behind here is named by no result any more, and swept at night.
      for (const blob of blobs) await this.#blobs.remove(blobKey(blob));
      if (emptied === 0) break;
    }
    while ((await getDb((db) => emptyJobs(db, userId), { as: 'worker' })) > 0);
  }
}

export type ExportedJobs = {
  readonly jobs: readonly ExportedJob[];
  /** By SHA-256. */
  readonly programs: Readonly<Record<string, string>>;
  readonly idempotencyKeys: readonly object[];
};
type ExportedJob = Omit<JobRow, 'userId' | 'programHash' | 'deviceId' | 'events' | 'attempts'> & {
  readonly programHash: string | null;
  readonly events: readonly object[];
  readonly attempts: readonly object[];
  readonly result: object | null;
};

/** How much more an export may hold. */
class Room {
  #left: number;

  constructor(characters: number) {
    this.#left = characters;
  }

  takes(characters: number): boolean {
    if (characters > this.#left) return false;
    this.#left -= characters;
    return true;
  }
}

function exportedJob(
  { userId: _, deviceId: __, programHash, ...job }: JobRow,
  { programs, events, attempts, results }: JobBelongings,
  kept: Record<string, string>,
  room: Room,
): ExportedJob {
  const hash = programHash?.toString('hex') ?? null;
  const program = programs.get(job.id);
  if (hash !== null && program !== undefined && kept[hash] === undefined && room.takes(program.length)) {
    kept[hash] = program;
  }
  const result = results.get(job.id);
  return {
    ...job,
    programHash: hash,
    events: events.get(job.id) ?? [],
    attempts: attempts.get(job.id) ?? [],
    result: result ? exportedResult(job.id, result, room) : null,
  };
}

function exportedResult(id: string, result: JobResultRow, room: Room): object {
  const blob = (result.data as { blob?: object } | null)?.blob;
  const { counts, data, ...facts } = result;
  const location = `/v1/jobs/${id}/result`;
  if (blob) return { ...facts, location, ...blob };
  const fits = room.takes(JSON.stringify(counts).length + JSON.stringify(data).length);
  return fits ? { ...facts, counts, data } : { ...facts, location };
}
