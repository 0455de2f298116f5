import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionSettings, DirectConnection, getDb } from '@quantum-hub/database';
import { isHubError } from '@quantum-hub/kernel';
import type { Device } from '../ports/index.ts';
import { cancelledChannel, livenessLocks, queuedChannel } from '../queries/channels.ts';
import { type Claim, ClaimTakenBack, claimJob } from '../queries/claim-job.ts';
import { heartbeat } from '../queries/heartbeat.ts';
import { type AttemptEnd, endAndClaim, endAttempt, mayPass } from '../use-cases/end-attempt.ts';
import { type RunKit, type RunOutcome, runJob } from '../use-cases/run-job.ts';
import { HeldJob, type StopReason } from './held-job.ts';
import { Reaper } from './reaper.ts';
import { Rounds } from './rounds.ts';
import { type ServedDevice, ServedDevices } from './served-devices.ts';
import type { WorkerLog } from './worker-log.ts';

export interface WorkerOptions {
  /** The server itself, not a pooler: for messages and the lock that tells that this worker lives. Work goes through `getDb`. */
  readonly connection: ConnectionSettings;
  readonly devices: readonly Device[];
  readonly kit: RunKit;
  /** How many jobs it runs at once, on all its devices; default 8. */
  readonly concurrency?: number;
  /** For jobs that name no time of their own; default one hour. */
  readonly maxRunSeconds?: number;
  /** How many jobs of one user may run at once, on all workers; default: as many as there are slots. */
  readonly runningPerUser?: number;
  /** After that long without a heartbeat its jobs are given to others; default 30 s. A killed worker is noticed in seconds, by its lock. */
  readonly leaseSeconds?: number;
  /** How often it looks where no message came, and sends heartbeats; default 1 s. */
  readonly pollMs?: number;
  /** How long a device may take to stop when it is told to; default 5 s. */
  readonly hangMs?: number;
  /** How long a stop lets running jobs go on before it hands them back; default 30 s. */
  readonly stopMs?: number;
  /** Whether it looks after lost and due jobs too; default true. */
  readonly reaps?: boolean;
  readonly log?: WorkerLog;
}

/** Takes jobs for its devices and runs them, until it is stopped. */
export class Worker implements AsyncDisposable {
  /** Host, process and number: stands in the attempts. */
  readonly name: string;
  readonly #number: number;
  readonly #options: WorkerOptions;
  readonly #devices: ServedDevices;
  readonly #held = new Map<string, HeldJob>();
  readonly #runs = new Set<Promise<void>>();
  readonly #connection: DirectConnection;
  readonly #claims: Rounds;
  readonly #beats: Rounds;
  readonly #reaper: Reaper | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(options: WorkerOptions, number: number, connection: DirectConnection) {
    const { pollMs = 1000, reaps = true, log } = options;
    this.name = `${hostname()}:${process.pid}:${number}`;
    this.#number = number;
    this.#options = options;
    this.#connection = connection;
    this.#devices = new ServedDevices(options.devices, pollMs / 2);
    this.#claims = new Rounds(pollMs, () => this.#takeJobs());
    this.#beats = new Rounds(pollMs, () => this.#beat());
    this.#reaper = reaps ? new Reaper({ log }) : undefined;
  }

  /** Connects and begins to work. Throws when the server is not to be reached, or only through a pooler. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const number = randomInt(1, 2 ** 31 - 1);
    let worker: Worker | undefined;
    const connection = await DirectConnection.open({
      connection: options.connection,
      service: 'worker',
      channels: [queuedChannel, cancelledChannel],
      lock: [livenessLocks, number],
      onMessage: (channel, payload) => {
        if (worker) worker.#onMessage(channel, payload);
      },
      onLost: (error) =>
        options.log?.('warn', 'the connection for messages was lost; it is made again', { error }),
      onReconnected: () => {
        if (worker) worker.#claims.again();
      },
    });
    worker = new Worker(options, number, connection);
    return worker;
  }

  /** How many jobs it runs now. */
  get running(): number {
    return this.#held.size;
  }

  /** Whether it takes jobs: it was not told to stop. */
  get working(): boolean {
    return this.#stopped === undefined;
  }

  /** Whether messages reach it and its liveness lock stands; while not, it looks every second and its jobs are taken from it. */
  get connected(): boolean {
    return this.#connection.connected;
  }

  get reaper(): Reaper | undefined {
    return this.#reaper;
  }

  /**
   * Takes no more jobs, lets those that run end, and hands back what still runs after `stopMs`. Calling it again waits for the same end.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop(this.#options.stopMs ?? 30_000);
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(stopMs: number): Promise<void> {
    await this.#claims.stop();
    const pause = new AbortController();
    const over = wait(stopMs, undefined, { signal: pause.signal }).catch(() => {});
    await Promise.race([this.#idle(), over]);
    pause.abort();
    for (const held of this.#held.values()) held.stop('stopping');
    await this.#idle();
    await this.#beats.stop();
    await this.#reaper?.[Symbol.asyncDispose]();
    // Last: while it stands, nobody takes this worker for a lost one.
    await this.#connection.close();
  }

  async #idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  #onMessage(channel: string, payload: string): void {
    if (channel === cancelledChannel) this.#held.get(payload)?.stop('cancelled');
    else if (this.#devices.mayHaveWork(payload)) this.#claims.again();
  }

  /** One round: for each device in turn a job, until no device has one or this worker has all it runs at once. */
  async #takeJobs(): Promise<void> {
    try {
      await this.#devices.look();
      while (this.#hasRoom()) {
        const device = this.#devices.next();
        if (!device) return;
        if (await this.#takeJob(device)) this.#devices.mayHaveWork(device.id);
      }
    } catch (error) {
      this.#log('error', 'taking jobs failed; it is tried again', { error });
    }
  }

  #hasRoom(): boolean {
    return this.#stopped === undefined && this.#held.size < (this.#options.concurrency ?? 8);
  }

  /** False when the device has no job for now. */
  async #takeJob(served: ServedDevice): Promise<boolean> {
    const [claim, leaseEndsAt] = this.#claimOf(served);
    try {
      const job = await getDb((db) => claimJob(db, claim), { as: 'worker', keepPlans: true });
      if (job) this.#begin(new HeldJob(job, served, leaseEndsAt));
      return job !== undefined;
    } catch (error) {
      if (error instanceof ClaimTakenBack) return true;
      throw error;
    }
  }

  #claimOf({ id, snapshot }: ServedDevice): [claim: Claim, leaseEndsAt: number] {
    const { leaseSeconds = 30, runningPerUser } = this.#options;
    const claim = {
      deviceId: id,
      workerNumber: this.#number,
      workerName: this.name,
      leaseSeconds,
      deviceSnapshot: snapshot,
      ...(runningPerUser !== undefined && { runningPerUser }),
    };
    return [claim, performance.now() + leaseSeconds * 1000];
  }

  #begin(held: HeldJob): void {
    this.#held.set(held.job.id, held);
    // Claimed while the stop began: those who are told to stop were told already.
    if (this.#stopped !== undefined) held.stop('stopping');
    const run = this.#run(held).finally(() => {
      this.#held.delete(held.job.id);
      this.#runs.delete(run);
      // There is room for one more.
      this.#claims.again();
    });
    this.#runs.add(run);
  }

  async #run(held: HeldJob): Promise<void> {
    const { kit, maxRunSeconds = 3600, hangMs = 5000 } = this.#options;
    const { job, served, signal } = held;
    const onProgress = (share: number) => held.setProgress(share);
    const outcome = await runJob(job, served.device, kit, {
      deviceSnapshot: served.snapshot,
      signal,
      onProgress,
      maxRunSeconds,
      hangMs,
    });
    if (outcome.kind === 'failed') {
      const { code } = outcome.failure;
      this.#log('warn', 'an attempt failed', {
        job: job.id,
        attempt: job.attempt,
        code,
        cause: outcome.cause,
      });
    }
    await this.#write(held, endOf(outcome, held.reason));
  }

  async #write(held: HeldJob, end: AttemptEnd | undefined): Promise<void> {
    if (end === undefined || (await this.#writeAndGoOn(held, end))) return;
    await this.#writeAlone(held, end);
    // Its slot is free.
    this.#devices.mayHaveWork(held.served.id);
  }

  /** With the claim of the next job of its device, where no other device's turn it is. False: nothing is written. */
  async #writeAndGoOn(held: HeldJob, end: AttemptEnd): Promise<boolean> {
    const { id } = held.served;
    const served = this.#stopped === undefined ? this.#devices.alone(id) : undefined;
    if (!served || held.leaseIsOver) return false;
    const [claim, leaseEndsAt] = this.#claimOf(served);
    const calls = this.#devices.callsOf(id);
    try {
      const { after, next } = await endAndClaim(held.job, end, claim);
      if (after === 'lost') this.#logLost(held);
      if (next) this.#begin(new HeldJob(next, served, leaseEndsAt));
      // Whoever was called in between found the slot taken still.
      else if (this.#devices.callsOf(id) !== calls) this.#devices.mayHaveWork(id);
      return true;
    } catch (error) {
      if (!(error instanceof ClaimTakenBack)) this.#logUnwritten(held, error);
      return false;
    }
  }

  /** Tries until it is written, refused for good, or the lease is lost: a database that restarts costs no result. */
  async #writeAlone(held: HeldJob, end: AttemptEnd): Promise<void> {
    let next: AttemptEnd | undefined = end;
    for (let pauseMs = 50; next !== undefined && !held.leaseIsOver; pauseMs = Math.min(pauseMs * 2, 1000)) {
      try {
        if ((await endAttempt(held.job, next)) === 'lost') this.#logLost(held);
        return;
      } catch (error) {
        this.#logUnwritten(held, error);
        if (!mayPass(error)) next = next.kind === 'completed' ? unwritten(error) : undefined;
        await wait(pauseMs);
      }
    }
  }

  /** Renews the leases, and stops what was cancelled or lost. */
  async #beat(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    const { leaseSeconds = 30 } = this.#options;
    const leaseEndsAt = performance.now() + leaseSeconds * 1000;
    const leases = held.map((each) => ({ ...each.job, progress: each.takeProgress() }));
    try {
      const alive = await getDb((db) => heartbeat(db, leases, leaseSeconds), { as: 'worker' });
      for (const each of held) {
        const status = alive.get(each.job.id);
        if (status === undefined) this.#lose(each);
        else each.renewedUntil(leaseEndsAt);
        if (status === 'cancelling') each.stop('cancelled');
      }
    } catch (error) {
      this.#log('error', 'renewing leases failed; it is tried again', { error });
      for (const each of held) if (each.leaseIsOver) this.#lose(each);
    }
  }

  /** Not when it has just ended: then its entry is gone because this worker has written its end. */
  #lose(held: HeldJob): void {
    if (this.#held.get(held.job.id) === held) held.stop('lost');
  }

  #logLost({ job }: HeldJob): void {
    const message = 'an attempt ended after its lease was lost; nothing was written';
    this.#log('warn', message, { job: job.id, attempt: job.attempt });
  }

  #logUnwritten({ job }: HeldJob, error: unknown): void {
    this.#log('error', 'writing the end of an attempt failed', { job: job.id, attempt: job.attempt, error });
  }

  #log(...entry: Parameters<WorkerLog>): void {
    const [level, message, facts] = entry;
    this.#options.log?.(level, message, { worker: this.name, ...facts });
  }
}

/** What is to be written of an outcome; a result that was there before the stop counts. */
function endOf(outcome: RunOutcome, reason: StopReason | undefined): AttemptEnd | undefined {
  if (reason === 'lost') return undefined;
  if (outcome.kind !== 'interrupted') return outcome;
  return reason === 'cancelled' ? { kind: 'cancelled' } : { kind: 'handed_back' };
}

/** A result that the database refuses fails its attempt. */
function unwritten(error: unknown): AttemptEnd {
  const { code, message } = isHubError(error)
    ? { code: error.code, message: error.publicMessage }
    : { code: 'execution.device_failed', message: 'the result could not be stored' };
  return { kind: 'failed', failure: { kind: 'hub', code, message } };
}
