import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ProgramCheck } from '@quantum-hub/execution/ports';
import { HubError, hubError } from '@quantum-hub/kernel';
import type { CheckQuestion, FromCheckChild } from './check-messages.ts';
import { residentBytes } from './memory.ts';
import { type Sandbox, startProcess, tailOf } from './sandbox.ts';

/** A fenced process that judges one program after another. */
export class CheckProcess {
  readonly #child: ChildProcess;
  readonly #sandbox: Sandbox;
  readonly #errors: ReturnType<typeof tailOf>;
  #isReusable = true;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#child = startProcess(sandbox);
    this.#errors = tailOf(this.#child);
    // Waited for only while it works: it must not keep its host alive.
    this.#hold('unref');
    // What becomes of it is told by `close`, or by `error` to the one who waits.
    this.#child.on('error', () => {});
  }

  /** Whether it can be asked again: it answered the last question in time, lives, and has not grown. */
  async isReusable(): Promise<boolean> {
    const { pid, exitCode, signalCode } = this.#child;
    if (!this.#isReusable || pid === undefined || exitCode !== null || signalCode !== null) return false;
    const bytes = await residentBytes(pid);
    return bytes !== undefined && bytes <= this.#sandbox.limits.memoryBytes / 2;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** @param walkMilliseconds what the walk may take after the verdict; what is known by then is the answer */
  async ask(question: CheckQuestion, walkMilliseconds: number): Promise<ProgramCheck> {
    const { milliseconds } = this.#sandbox.limits;
    const { promise, resolve, reject } = Promise.withResolvers<ProgramCheck>();
    const answer = new PartialAnswer(question.device ?? 'the checker');
    const late = () => {
      this.#isReusable = false;
      if (answer.known) resolve(answer.known);
      else reject(hubError('execution.check_time_exceeded', { seconds: milliseconds / 1000 }));
    };
    let timer = setTimeout(late, milliseconds);
    const take = (message: FromCheckChild) => {
      if (message.part === 'judged') {
        clearTimeout(timer);
        timer = setTimeout(late, walkMilliseconds);
      }
      const done = answer.take(message);
      if (done instanceof Error) reject(done);
      else if (done) resolve(done);
    };
    const died = (why: unknown, signal?: unknown) => reject(this.#death(question, signal ?? why));
    this.#child.on('message', take).once('close', died).once('error', died);
    this.#hold('ref');
    this.#child.send(question, () => {});
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#hold('unref');
      this.#child.off('message', take).off('close', died).off('error', died);
    }
  }

  #death({ device }: CheckQuestion, how: unknown): HubError {
    const reason = `the process that checks programs ended (${String(how)}): ${this.#errors.text().trim()}`;
    return hubError('execution.device_failed', { device: device ?? 'the checker', reason });
  }

  #hold(how: 'ref' | 'unref'): void {
    this.#child[how]();
    this.#child.channel?.[how]();
    (this.#child.stderr as Socket | null)?.[how]();
  }
}

/** What a process has told so far. */
class PartialAnswer {
  known: ProgramCheck | undefined;
  readonly #about: string;

  constructor(about: string) {
    this.#about = about;
  }

  /** The whole answer or the error, once it is there. */
  take(message: FromCheckChild): ProgramCheck | Error | undefined {
    const facts = this.known?.facts;
    switch (message.part) {
      case 'judged':
        this.known = { errors: message.errors, facts: message.facts };
        return undefined;
      case 'walked':
        this.known = { errors: message.errors, facts };
        return undefined;
      case 'counted':
        this.known = { errors: [], facts: facts && { ...facts, stats: message.stats } };
        return undefined;
      case 'refusal':
        return new HubError(message.code, message.params);
      case 'fault':
        return hubError('execution.device_failed', { device: this.#about, reason: message.reason });
      case 'end':
        return this.known ?? { errors: [], facts: undefined };
    }
  }
}
