import { performance } from 'node:perf_hooks';
import type { ClaimedJob } from '../queries/claim-job.ts';
import type { ServedDevice } from './served-devices.ts';

/** Why a run is to stop before it has a result. */
export type StopReason = 'cancelled' | 'stopping' | 'lost';

/** A job that this worker runs, from its claim to the end of its attempt. */
export class HeldJob {
  readonly job: ClaimedJob;
  readonly served: ServedDevice;
  readonly #controller = new AbortController();
  #leaseEndsAt: number;
  #reason: StopReason | undefined;
  #progress = 0;
  #toldProgress = 0;

  /** @param leaseEndsAt by `performance.now()`: counted from before the claim was sent, so never later than the database's */
  constructor(job: ClaimedJob, served: ServedDevice, leaseEndsAt: number) {
    this.job = job;
    this.served = served;
    this.#leaseEndsAt = leaseEndsAt;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** The first reason counts, but a lost lease overrides it: then nothing may be written. */
  stop(reason: StopReason): void {
    if (this.#reason === undefined || reason === 'lost') this.#reason = reason;
    this.#controller.abort();
  }

  renewedUntil(leaseEndsAt: number): void {
    this.#leaseEndsAt = leaseEndsAt;
  }

  get leaseIsOver(): boolean {
    return performance.now() > this.#leaseEndsAt;
  }

  setProgress(share: number): void {
    this.#progress = share;
  }

  /** The progress, when it has changed since it was last asked for. */
  takeProgress(): number | undefined {
    if (this.#progress === this.#toldProgress) return undefined;
    this.#toldProgress = this.#progress;
    return this.#progress;
  }
}
