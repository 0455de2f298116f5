import type { CheckOptions, DeviceRequest, ProgramCheck, ProgramChecker } from '@quantum-hub/execution/ports';
import { hubError } from '@quantum-hub/kernel';
import type { CheckQuestion } from './check-messages.ts';
import { CheckProcess } from './check-process.ts';
import type { Sandbox } from './sandbox.ts';

export type CheckerOptions = {
  /** How many programs are judged at once, each in a process that is started when it is needed. */
  readonly processes: number;
  /** What the walk through a program, and the counting of its gates, may take after the verdict of its device. */
  readonly walkMilliseconds: number;
};

type Waiting = {
  readonly question: CheckQuestion;
  readonly resolve: (check: ProgramCheck) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Judges programs in processes that live on, since starting one takes longer than judging. They are fenced as those of runs are
 * (`sandbox.ts`), nothing of a program is executed but a walk through it, and one that takes too long or grows too large is replaced.
 */
export class Checker implements ProgramChecker, AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #options: CheckerOptions;
  readonly #idle: CheckProcess[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #working = new Set<Promise<void>>();
  #isClosed = false;

  constructor(sandbox: Sandbox, options: CheckerOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
  }

  async check(
    device: string | undefined,
    request: DeviceRequest,
    { stats = false, circuit }: CheckOptions = {},
  ): Promise<ProgramCheck> {
    if (this.#isClosed) {
      throw hubError('execution.device_failed', { device: 'the checker', reason: 'it is closed' });
    }
    const { promise, resolve, reject } = Promise.withResolvers<ProgramCheck>();
    this.#waiting.push({ question: { device, request, stats, circuit }, resolve, reject });
    this.#serve();
    return await promise;
  }

  /** Answers what was asked, and ends the processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    while (this.#working.size > 0) await Promise.all(this.#working);
    for (const process of this.#idle.splice(0)) process.kill();
  }

  #serve(): void {
    while (this.#working.size < this.#options.processes && this.#waiting.length > 0) {
      const next = this.#waiting.shift() as Waiting;
      const work = this.#answer(next).finally(() => {
        this.#working.delete(work);
        this.#serve();
      });
      this.#working.add(work);
    }
  }

  async #answer({ question, resolve, reject }: Waiting): Promise<void> {
    const process = await this.#take();
    await process.ask(question, this.#options.walkMilliseconds).then(resolve, reject);
    if (await process.isReusable()) this.#idle.push(process);
    else process.kill();
  }

  async #take(): Promise<CheckProcess> {
    for (let process = this.#idle.pop(); process; process = this.#idle.pop()) {
      // One may have died while nobody asked it anything.
      if (await process.isReusable()) return process;
      process.kill();
    }
    return new CheckProcess(this.#sandbox);
  }
}
