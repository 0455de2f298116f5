import { getDb } from '@quantum-hub/database';
import { type Clock, systemClock } from '@quantum-hub/kernel';
import { type QueueFigures, queueFigures } from '../queries/devices.ts';

/** All requests of a process share one count a second. */
const youngestMs = 1000;
/**
 * The count walks the queue: 400 ms and 23,000 pages for a million entries. So it is made again only when
 * it has been good for thirty times as long as it took, and costs the database a thirtieth of a core, however long the queue.
 */
const goodForTimes = 30;

type Figures = ReadonlyMap<string, QueueFigures>;
type Read = (now: Date) => Promise<readonly QueueFigures[]>;

const readQueues: Read = async (now) =>
  await getDb((db) => queueFigures(db, now), { as: 'worker', readOnly: true });

/**
 * The queues by device's id, as they were at most a second ago; of a queue so long that counting takes longer, some seconds more.
 * A process makes one, for its routes and its figures.
 */
export class QueueWatch {
  readonly #clock: Clock;
  readonly #read: Read;
  #figures: { readonly read: Promise<Figures>; goodUntil: number } | undefined;

  constructor(clock: Clock = systemClock, read: Read = readQueues) {
    this.#clock = clock;
    this.#read = read;
  }

  async figures(): Promise<Figures> {
    if (this.#figures && this.#clock().getTime() < this.#figures.goodUntil) return await this.#figures.read;
    const read = this.#count();
    // Whoever comes while it is counted waits for the same count.
    const figures = { read, goodUntil: Number.POSITIVE_INFINITY };
    this.#figures = figures;
    try {
      return await read;
    } catch (error) {
      // What failed is asked again by the next one.
      if (this.#figures === figures) this.#figures = undefined;
      throw error;
    }
  }

  async #count(): Promise<Figures> {
    const from = this.#clock();
    const rows = await this.#read(from);
    const tookMs = this.#clock().getTime() - from.getTime();
    if (this.#figures) this.#figures.goodUntil = from.getTime() + Math.max(youngestMs, tookMs * goodForTimes);
    return new Map(rows.map((row) => [row.deviceId, row]));
  }
}
