import { Readable } from 'node:stream';
import { StreamAnswer } from './answer.ts';

export interface StreamEvent {
  /** What a client sends as `Last-Event-ID` after a lost connection: one line. */
  readonly id?: string;
  /** Its name; `message` without one. */
  readonly event?: string;
  /** Sent as one line of JSON. */
  readonly data: unknown;
}

export interface EventStreamOptions {
  /** That of the call: ends the stream when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  readonly events: AsyncIterable<StreamEvent>;
  /** How often a comment is sent while nothing happens, since proxies cut silent connections; default 15 s. */
  readonly heartbeatMs?: number;
  /** What clients wait before they connect again; default 2 s. */
  readonly retryMs?: number;
}

const oneLine = (text: string) => text.replace(/[\r\n\0]/g, ' ');

function eventText({ id, event, data }: StreamEvent): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${oneLine(id)}`]),
    ...(event === undefined ? [] : [`event: ${oneLine(event)}`]),
    `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/**
 * Server-sent events (WHATWG HTML, 9.2). Ends when the events end, or quietly when the signal aborts; asks the events for
 * the next one only when the client has taken the last (a slow client fills no memory).
 */
export function eventStream(options: EventStreamOptions): StreamAnswer {
  return new StreamAnswer(200, Readable.from(textOf(options), { objectMode: false, highWaterMark: 16_384 }), {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold events back until its buffer is full.
    'x-accel-buffering': 'no',
  });
}

async function* textOf({ signal, events, heartbeatMs = 15_000, retryMs = 2000 }: EventStreamOptions) {
  yield `retry: ${retryMs}\n\n`;
  const iterator = events[Symbol.asyncIterator]();
  const { promise: ended, resolve: end } = Promise.withResolvers<'ended'>();
  const onAbort = () => end('ended');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let next = iterator.next();
    next.catch(() => {});
    for (;;) {
      const beat = timer(heartbeatMs);
      const first = await Promise.race([next, beat.over, ended]);
      beat.clear();
      if (first === 'ended') return;
      if (first === 'beat') {
        yield ': still here\n\n';
        continue;
      }
      if (first.done) return;
      yield eventText(first.value);
      next = iterator.next();
      next.catch(() => {});
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: an iterator that waits for its next event answers to the signal, not to this.
    iterator.return?.().catch(() => {});
  }
}

function timer(ms: number): { over: Promise<'beat'>; clear: () => void } {
  const { promise: over, resolve } = Promise.withResolvers<'beat'>();
  const timeout = setTimeout(() => resolve('beat'), ms);
  return { over, clear: () => clearTimeout(timeout) };
}
