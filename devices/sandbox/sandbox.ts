import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Device, RunOptions } from '@quantum-hub/execution/ports';
import { HubError, hubError } from '@quantum-hub/kernel';
import { residentBytes } from './memory.ts';
import type { FromChild, ToChild } from './messages.ts';

/** How much a run may take; what exceeds it is killed. */
export type SandboxLimits = { readonly milliseconds: number; readonly memoryBytes: number };

export type Sandbox = {
  /** The module that the process runs; it calls `serveOneRequest`. */
  readonly entry: string;
  /** The folders that it may read: its code. */
  readonly readable: readonly string[];
  readonly limits: SandboxLimits;
  /** What the process loads before it is asked: an argument of `entry`. */
  readonly preload?: string;
};

/**
 * A process that was started before it is needed, so that it loads its code while the host reads the program. Whoever does not use
 * it disposes of it; a host that ends without either takes it along.
 */
export class SpareProcess implements Disposable {
  readonly #child: ChildProcess;
  #isTaken = false;

  constructor(sandbox: Sandbox) {
    this.#child = startProcess(sandbox);
    // What becomes of it is told to the one who takes it.
    this.#child.once('error', () => {});
    this.#hold('unref');
  }

  /** The process, once, while it lives. */
  take(): ChildProcess | undefined {
    if (this.#isTaken || this.#child.exitCode !== null || this.#child.signalCode !== null) return undefined;
    this.#isTaken = true;
    this.#hold('ref');
    return this.#child;
  }

  [Symbol.dispose](): void {
    if (!this.#isTaken) this.#child.kill('SIGKILL');
    this.#isTaken = true;
  }

  /** Whether the host waits for it. */
  #hold(how: 'ref' | 'unref'): void {
    this.#child[how]();
    this.#child.channel?.[how]();
    (this.#child.stderr as Socket | null)?.[how]();
  }
}

/**
 * A device whose programs run each in a process of their own: nothing in its environment, no files but the code, no processes, killed
 * when it takes too long, grows too large or is aborted. Whatever happens there, the host lives. (Node fences files and processes,
 * not the network: no operation of the languages reaches it.)
 */
export function sandboxed(device: Device, sandbox: Sandbox, spare?: SpareProcess): Device {
  const { profile } = device;
  const start = () => ({ child: spare?.take() ?? startProcess(sandbox), limits: sandbox.limits });
  return {
    profile,
    async validate(request) {
      const message = await inProcess({ device: profile.name, task: 'validate', request }, start, {});
      return message.kind === 'validated' ? message.errors : [];
    },
    async run(request, options = {}) {
      const message = await inProcess({ device: profile.name, task: 'run', request }, start, options);
      if (message.kind !== 'answer') throw new Error(`the sandbox answered a run with "${message.kind}"`);
      return message.answer;
    },
  };
}

type Ending = Extract<FromChild, { kind: 'answer' | 'validated' }>;

/** One process, one question; resolves when it has answered, rejects when it refused, died or was stopped. */
async function inProcess(
  question: ToChild,
  start: () => { readonly child: ChildProcess; readonly limits: SandboxLimits },
  { signal, onProgress }: RunOptions,
): Promise<Ending> {
  signal?.throwIfAborted();
  const { device } = question;
  const { child, limits } = start();
  const { promise, resolve, reject } = Promise.withResolvers<Ending>();
  const stop = guard(child, device, limits, reject);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  const errors = tailOf(child);
  child.on('message', (message: FromChild) => {
    if (message.kind === 'progress') onProgress?.(message.share);
    else if (message.kind === 'refusal') reject(new HubError(message.code, message.params));
    else if (message.kind === 'fault')
      reject(hubError('execution.device_failed', { device, reason: message.reason }));
    else resolve(message);
  });
  child.once('error', (cause) =>
    reject(hubError('execution.device_failed', { device, reason: cause.message }, { cause })),
  );
  child.once('close', (code, how) => reject(failure(device, code, how, errors.text(), limits)));
  // A process that dies at once breaks the channel under the question: `close` tells why.
  child.send(question, () => {});
  try {
    return await promise;
  } finally {
    stop();
    signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
}

/** Fenced, and ready for a message. */
export function startProcess({ entry, readable, limits, preload }: Sandbox): ChildProcess {
  const seconds = Math.ceil(limits.milliseconds / 1000) + 5;
  const heap = Math.max(64, Math.floor(limits.memoryBytes / 2 ** 20));
  const node = [
    process.execPath,
    '--permission',
    ...readable.map((folder) => `--allow-fs-read=${folder}`),
    `--max-old-space-size=${heap}`,
    '--disable-warning=ExperimentalWarning',
    entry,
    ...(preload === undefined ? [] : [preload]),
  ];
  // The shell sets a limit that holds even when the host is killed and nobody watches: seconds of the processor.
  return spawn(
    '/bin/sh',
    ['-c', 'ulimit -t "$1"; ulimit -c 0; shift; exec "$@"', 'sh', String(seconds), ...node],
    {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      // A terminal's Ctrl-C is the host's to handle.
      detached: true,
    },
  );
}

const WATCH_MS = 50;

/** Kills what takes too long or grows too large; returns what ends the watch. */
function guard(
  child: ChildProcess,
  device: string,
  limits: SandboxLimits,
  reject: (error: Error) => void,
): () => void {
  const seconds = limits.milliseconds / 1000;
  const late = setTimeout(
    () => reject(hubError('execution.device_time_exceeded', { device, seconds })),
    limits.milliseconds,
  );
  const watch = setInterval(async () => {
    const bytes = child.pid === undefined ? undefined : await residentBytes(child.pid);
    if (bytes !== undefined && bytes > limits.memoryBytes) reject(memoryExceeded(device, limits));
  }, WATCH_MS);
  return () => {
    clearTimeout(late);
    clearInterval(watch);
  };
}

function memoryExceeded(device: string, { memoryBytes }: SandboxLimits): Error {
  return hubError('execution.device_memory_exceeded', {
    device,
    mebibytes: Math.floor(memoryBytes / 2 ** 20),
  });
}

const TAIL = 4000;

export function tailOf(child: ChildProcess): { text(): string } {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL);
  });
  return { text: () => tail };
}

/** Why a process ended without an answer. V8 aborts when its heap is full, and an allocation of a typed array throws RangeError. */
function failure(
  device: string,
  code: number | null,
  how: NodeJS.Signals | null,
  errors: string,
  limits: SandboxLimits,
): Error {
  if (/heap out of memory|Array buffer allocation failed|invalid array length/i.test(errors))
    return memoryExceeded(device, limits);
  if (how === 'SIGXCPU') {
    return hubError('execution.device_time_exceeded', { device, seconds: limits.milliseconds / 1000 });
  }
  const reason = `${how === null ? `exit code ${code}` : `signal ${how}`}${errors === '' ? '' : `: ${errors.trim()}`}`;
  return hubError('execution.device_failed', { device, reason });
}
