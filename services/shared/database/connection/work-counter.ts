import { hubError } from '@quantum-hub/kernel';
import type { UnitOfWork } from './unit-of-work.ts';

/** Knows what is in flight, so that closing can wait for it, and refuses what comes after closing began. */
export class WorkCounter {
  readonly units = new Set<UnitOfWork>();
  #count = 0;
  #closing = false;
  #abandoned: string | undefined;
  #onZero: () => void = () => {};

  /** Counts one piece of work in; the function that comes back counts it out. */
  enter(): () => void {
    if (this.#closing) throw hubError('database.closing');
    this.#count += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#count -= 1;
      if (this.#count === 0) this.#onZero();
    };
  }

  add(unit: UnitOfWork): void {
    this.units.add(unit);
    if (this.#abandoned) unit.cancel(this.#abandoned);
  }

  /** No new work from now on. */
  refuseNew(): void {
    this.#closing = true;
  }

  /** Whether everything ended within `timeoutMs`. */
  async settled(timeoutMs: number): Promise<boolean> {
    if (this.#count === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#onZero = () => resolve(true);
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const settled = await promise;
    clearTimeout(timer);
    return settled;
  }

  cancelAll(reason: string): void {
    this.#abandoned = reason;
    for (const unit of this.units) unit.cancel(reason);
  }
}
