/** Who tells that a job may have changed (`worker/job-signals.ts`). */
export interface ChangeSignals {
  /** True once it may have changed; false when the time is over or the signal aborts. Waits from the call on. */
  waitFor(
    jobId: string,
    wait: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean>;
  /** At once, and then each time the job may have changed. */
  changes(jobId: string, signal: AbortSignal): AsyncIterable<void>;
}
