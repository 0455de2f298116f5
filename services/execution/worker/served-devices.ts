import { getDb } from '@quantum-hub/database';
import type { Device } from '../ports/index.ts';
import { devicesWithWork, servedDevices } from '../queries/device-slots.ts';

export interface ServedDevice {
  /** UUID in the database. */
  readonly id: string;
  readonly device: Device;
  /** What an attempt keeps of it. */
  readonly snapshot: object;
}

/** The devices of a worker: which of them the database knows, and which may have a job to start. */
export class ServedDevices {
  readonly #byAddress: ReadonlyMap<string, Device>;
  readonly #known = new Map<string, ServedDevice>();
  /** In the order of their turns. */
  readonly #withWork = new Set<string>();
  /** How often each was said to may have work. */
  readonly #calls = new Map<string, number>();
  readonly #freshMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param freshMs how long what was read of the devices is taken for true */
  constructor(devices: readonly Device[], freshMs: number) {
    this.#freshMs = freshMs;
    this.#byAddress = new Map(devices.map((device) => [device.profile.name, device]));
  }

  /** Asks the database, unless it did a moment ago: what no message told is found here. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < this.#freshMs) return;
    this.#lookedAt = performance.now();
    await getDb(
      async (db) => {
        const at = new Date().toISOString();
        for (const { id, address, status } of await servedDevices(db, [...this.#byAddress.keys()])) {
          const device = this.#byAddress.get(address);
          if (device)
            this.#known.set(id, {
              id,
              device,
              snapshot: { name: address, status, at, profile: device.profile },
            });
        }
        for (const id of await devicesWithWork(db, [...this.#known.keys()])) this.mayHaveWork(id);
      },
      { as: 'worker', readOnly: true },
    );
  }

  /**
   * Whose turn it is, of those that may have work; it is taken out, and comes back by `mayHaveWork`: before it is asked, so that a message
   * that comes while it is asked is not forgotten.
   */
  next(): ServedDevice | undefined {
    const [id] = this.#withWork;
    if (id === undefined) return undefined;
    this.#withWork.delete(id);
    return this.#known.get(id);
  }

  /** Whether it is one of this worker's; it is asked in the next round then. */
  mayHaveWork(id: string): boolean {
    if (!this.#known.has(id)) return false;
    this.#withWork.add(id);
    this.#calls.set(id, this.callsOf(id) + 1);
    return true;
  }

  /** Grows with every `mayHaveWork`: tells whether one came in between. */
  callsOf(id: string): number {
    return this.#calls.get(id) ?? 0;
  }

  /** The device, when no other one may have work: going on with it takes nobody's turn. */
  alone(id: string): ServedDevice | undefined {
    return this.#withWork.size === (this.#withWork.has(id) ? 1 : 0) ? this.#known.get(id) : undefined;
  }
}
