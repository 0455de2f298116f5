import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localChecker, localDevices } from '@quantum-hub/devices';
import type { Actor } from '@quantum-hub/http';
import { startTestHub, type TestAnswer, type TestHub, testActor } from '@quantum-hub/http/testing';
import { Hidden } from '@quantum-hub/kernel';
import { openBlobStore } from './blobs/open-store.ts';
import { readBlobPlace } from './blobs/place.ts';
import type { BlobStore } from './blobs/store.ts';
import type { Device } from './ports/index.ts';
import { type ExecutionDeps, executionRoutes } from './routes/index.ts';
import { openTestExecution, type TestExecution } from './test-execution.ts';
import { QueueWatch } from './use-cases/queue-watch.ts';
import { registerDevices } from './use-cases/register-devices.ts';
import { runKit } from './use-cases/run-kit.ts';
import { JobSignals } from './worker/job-signals.ts';
import { Worker } from './worker/worker.ts';

export interface TestServiceOptions
  extends Partial<Pick<ExecutionDeps, 'limits' | 'clock' | 'linkSeconds' | 'queues'>> {
  /** Instead of the local ones; they are registered as simulators with two slots. */
  readonly devices?: readonly Device[];
  readonly inlineBytes?: number;
}

/** The execution service over HTTP on a database of its own, with the local devices behind their sandbox. */
export class TestService implements AsyncDisposable {
  readonly execution: TestExecution;
  readonly hub: TestHub;
  readonly blobs: BlobStore;
  readonly #devices: readonly Device[];
  readonly #inlineBytes: number;
  readonly #stack: AsyncDisposableStack;

  private constructor(parts: {
    execution: TestExecution;
    hub: TestHub;
    blobs: BlobStore;
    devices: readonly Device[];
    inlineBytes: number;
    stack: AsyncDisposableStack;
  }) {
    this.execution = parts.execution;
    this.hub = parts.hub;
    this.blobs = parts.blobs;
    this.#devices = parts.devices;
    this.#inlineBytes = parts.inlineBytes;
    this.#stack = parts.stack;
  }

  static async start(options: TestServiceOptions = {}): Promise<TestService> {
    const { inlineBytes = 1_000_000, limits = {}, ...rest } = options;
    const stack = new AsyncDisposableStack();
    const execution = stack.use(await openTestExecution());
    const folder = await mkdtemp(join(tmpdir(), 'qhub-blobs-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const blobs = stack.use(await openBlobStore(readBlobPlace({ place: folder })));
    const signals = stack.use(await JobSignals.start({ connection: execution.connection }));
    const checker = stack.use(localChecker());
    const devices = options.devices ?? (await localDevices());
    await registerDevices(devices.map(({ profile }) => ({ profile, simulator: true, slots: 2 })));
    const secret = new Hidden<Uint8Array>(Buffer.alloc(32, 7));
    const queues = options.queues ?? new QueueWatch(rest.clock);
    const services = [executionRoutes({ ...rest, checker, signals, blobs, secret, limits, queues })];
    const hub = stack.use(await startTestHub({ services }));
    return new TestService({ execution, hub, blobs, devices, inlineBytes, stack });
  }

  /** A worker in this process; the caller stops it. */
  async work(): Promise<Worker> {
    return await Worker.start({
      stopMs: 0,
      connection: this.execution.connection,
      devices: this.#devices,
      kit: runKit({ blobs: this.blobs, inlineBytes: this.#inlineBytes }),
    });
  }

  /** Somebody whom the database knows. */
  async person(input: Partial<Actor> = {}): Promise<Actor> {
    return testActor({ userId: await this.execution.makeUser(), ...input });
  }

  async submit(
    as: Actor,
    body: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> {
    return await this.hub.request('POST', '/v1/jobs', { as, body, headers });
  }

  /** The job when it is finished. */
  async finished(as: Actor, id: string): Promise<TestAnswer['body']> {
    for (let since = 0; ; ) {
      const { body } = await this.hub.request('GET', `/v1/jobs/${id}?wait=60&since=${since}`, { as });
      if (['completed', 'failed', 'cancelled'].includes(body.status)) return body;
      since = body.revision;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

export const bellOf = (shots = 100) => ({
  device: 'local/statevector',
  program: openqasm(
    'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nh q[0];\ncx q[0], q[1];\nc = measure q;\n',
  ),
  shots,
  seed: 7,
});

export function openqasm(source: string) {
  return { language: 'openqasm', source };
}
