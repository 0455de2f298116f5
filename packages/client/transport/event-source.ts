import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { HubClient } from '../create-client.ts';
import { HubProblem, noHub } from '../problem.ts';
import { pauseFor, transient } from './retrying-fetch.ts';

export interface SentEvent {
  readonly id: string | undefined;
  /** Its name; `message` where the hub gave none. */
  readonly event: string;
  /** What was sent as JSON. */
  readonly data: unknown;
}

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** The id of the last event that was seen: those after it come. */
  readonly lastEventId?: string;
  /** The first pause between connections in milliseconds; the hub may say otherwise. Doubled up to 30,000. Default 1,000. */
  readonly pauseMs?: number;
  /** How many connections in a row may bring no event and not last either before it gives up; default 10. */
  readonly tries?: number;
  /** How long a connection without an event has to last, in milliseconds, to be a good one; default 10,000. */
  readonly steadyMs?: number;
}

const longestPauseMs = 30_000;

/**
 * Server-sent events of a path (WHATWG HTML 9.2), connected again with `Last-Event-ID` whenever the stream ends: none is
 * missed and none comes twice. A hub that restarts is waited for, some four minutes with the defaults. Ends by `return`
 * (`break` of the loop), when the hub says that there is nothing to follow (204), by the signal, or with a `HubProblem`.
 */
export async function* followEvents(
  hub: HubClient,
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<SentEvent, void, undefined> {
  const { signal, tries = 10, steadyMs = 10_000 } = options;
  let { lastEventId, pauseMs = 1000 } = options;
  const onRetry = (milliseconds: number) => {
    pauseMs = milliseconds;
  };
  for (let failures = 0; ; ) {
    let openedAt: number | undefined;
    let fault: unknown;
    try {
      const events = await connect(hub, path, { signal, lastEventId, onRetry });
      if (events === undefined) return;
      openedAt = performance.now();
      for await (const { id, event, data } of events) {
        failures = -1;
        lastEventId = id ?? lastEventId;
        yield { id, event: event ?? 'message', data: parsed(data, hub.url) };
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (isRefusal(error)) throw error;
      fault = error;
    }
    signal?.throwIfAborted();
    // A job may wait for days behind a proxy that cuts every connection after a minute.
    const lasted = openedAt !== undefined && performance.now() - openedAt >= steadyMs;
    failures = lasted ? 0 : failures + 1;
    if (failures >= tries) throw fault instanceof HubProblem ? fault : noEvents(hub.url, failures, fault);
    await pauseFor(Math.max(pauseMs, Math.min(longestPauseMs, pauseMs * 2 ** (failures - 1))), signal);
  }
}

/** An answer that stays the same when it is asked for again; a hub that restarts is none. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof HubProblem)) return false;
  return error.status === 0 ? error.code === 'client.unexpected_answer' : !transient.has(error.status);
}

function parsed(data: string, url: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw noHub(url, 'events in JSON', error);
  }
}

function noEvents(url: string, times: number, cause: unknown): HubProblem {
  const message = `the hub at ${url} ended the stream of events ${times} times without one; ask it again later`;
  return new HubProblem({ status: 0, code: 'client.no_events', message }, { cause });
}

interface Connection {
  readonly signal: AbortSignal | undefined;
  readonly lastEventId: string | undefined;
  readonly onRetry: (milliseconds: number) => void;
}

async function connect(hub: HubClient, path: string, { signal, lastEventId, onRetry }: Connection) {
  const headers = new Headers({ accept: 'text/event-stream' });
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
  const { body, status, headers: answered } = await hub.open(path, { headers, signal: signal ?? null });
  if (status === 204) return undefined;
  if (body === null || !/^text\/event-stream\b/i.test(answered.get('content-type') ?? '')) {
    await body?.cancel();
    throw noHub(hub.url, 'a stream of events');
  }
  // The signal once more: a request follows it by weak references, which are gone when the stream is silent for long.
  return body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>, { signal })
    .pipeThrough(new EventSourceParserStream({ onRetry }));
}
