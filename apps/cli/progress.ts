/** Progress of long work on standard error: a bar on a terminal, plain lines elsewhere, nothing beside JSON. */
import type { Step } from '@quantum-hub/database/admin';
import { durationText, type OutputOptions } from './output.ts';

export interface Progress {
  /** A sentence, which stays. */
  readonly line: (text: string) => void;
  /** How far it is. `plain` is what those read who see no bar; without it they read nothing. */
  readonly step: (step: Step, plain?: string) => void;
}

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'columns'>;

/** Does the work; whatever its bar showed is gone afterwards, so that a result or a fault stands alone. */
export async function withProgress<Result>(
  { json }: OutputOptions,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  if (json) return await work({ line: () => {}, step: () => {} });
  const { stderr } = process;
  if (!stderr.isTTY || process.env.TERM === 'dumb') {
    const line = (text: string) => void stderr.write(`${text}\n`);
    return await work({ line, step: (_, plain) => plain !== undefined && line(plain) });
  }
  using bar = new ProgressBar(stderr);
  return await work(bar);
}

/** Of a phase: work with another total, or that starts again, begins a new one, from which the time left is reckoned. */
type Phase = { readonly first: Step; readonly startedMs: number; readonly now: Step };

const redrawMs = 1000;

export class ProgressBar implements Progress, Disposable {
  readonly #terminal: Terminal;
  readonly #clock: () => number;
  readonly #timer: NodeJS.Timeout;
  #phase: Phase | undefined;
  #over = false;

  constructor(terminal: Terminal, clock: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#clock = clock;
    // A single step may take minutes: the time left goes on.
    this.#timer = setInterval(() => this.#draw(), redrawMs).unref();
  }

  readonly line = (text: string): void => {
    if (this.#over) return;
    this.#terminal.write(`\r\x1b[K${text}\n`);
    this.#draw();
  };

  readonly step = (now: Step): void => {
    const last = this.#phase;
    const goesOn = last !== undefined && last.now.total === now.total && now.done >= last.now.done;
    this.#phase = goesOn ? { ...last, now } : { first: now, startedMs: this.#clock(), now };
    this.#draw();
  };

  #draw(): void {
    if (this.#over || this.#phase === undefined) return;
    const { first, startedMs, now } = this.#phase;
    const columns = this.#terminal.columns || 80;
    const isDone = now.done >= now.total;
    const text = isDone ? '' : barText(first, now, this.#clock() - startedMs, columns - 1);
    this.#terminal.write(`\r${text}\x1b[K`);
    if (isDone) this.#phase = undefined;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (!this.#over && this.#phase !== undefined) this.#terminal.write('\r\x1b[K');
    this.#over = true;
  }
}

const barWidth = 24;

/**
 * `[######------------------]  25%  2/8  30 s left  what is next`, cut to `columns` characters.
 *
 * @param first where the phase stood when it began, `elapsedMs` ago
 */
export function barText(first: Step, now: Step, elapsedMs: number, columns: number): string {
  const share = Math.min(1, now.done / now.total);
  const full = Math.round(share * barWidth);
  const passed = now.done - first.done;
  const secondsLeft = passed > 0 ? ((elapsedMs / passed) * (now.total - now.done)) / 1000 : undefined;
  const parts = [
    `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}]`,
    `${Math.floor(share * 100)}%`.padStart(4),
    // Of work that has no parts only the share is known.
    now.total === 1 ? undefined : `${now.done}/${now.total}`,
    secondsLeft === undefined ? undefined : `${durationText(secondsLeft)} left`,
    now.next,
  ];
  return parts
    .filter((part) => part)
    .join('  ')
    .slice(0, columns);
}
