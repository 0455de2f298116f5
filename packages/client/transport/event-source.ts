import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { HubClient } from '../create-client.ts';
import { HubProblem } from '../problem.ts';
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
  /** Pauses between connections in milliseconds; the hub may say otherwise. Default 1,000. */
  readonly pauseMs?: number;
  /** How often in a row it is tried without one event before it gives up; default 10. */
  readonly tries?: number;
}

/**
 * Server-sent events of a path (WHATWG HTML 9.2), connected again with `Last-Event-ID` whenever the stream ends: none is
 * missed and none comes twice. Ends only by `return` (`break` of the loop), by the signal, or with a `HubProblem`.
 */
export async function* followEvents(
  hub: HubClient,
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<SentEvent, void, undefined> {
  const { signal, tries = 10 } = options;
  let { lastEventId, pauseMs = 1000 } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      for await (const { id, event, data } of await connect(
        hub,
        path,
        signal,
        lastEventId,
        (milliseconds) => {
          pauseMs = milliseconds;
        },
      )) {
        failures = 0;
        lastEventId = id ?? lastEventId;
        yield { id, event: event ?? 'message', data: JSON.parse(data) };
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SyntaxError || isRefusal(error)) throw error;
      if (failures >= tries) throw error;
    }
    signal?.throwIfAborted();
    await pauseFor(pauseMs, signal);
  }
}

/** An answer that stays the same when it is asked for again; a hub that restarts is none. */
function isRefusal(error: unknown): boolean {
  return error instanceof HubProblem && error.status !== 0 && !transient.has(error.status);
}

async function connect(
  hub: HubClient,
  path: string,
  signal: AbortSignal | undefined,
  lastEventId: string | undefined,
  onRetry: (milliseconds: number) => void,
) {
  const headers = new Headers({ accept: 'text/event-stream' });
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
  const { body } = await hub.open(path, { headers, signal: signal ?? null });
  if (body === null) throw new TypeError('the stream of events has no body');
  // The signal once more: a request follows it by weak references, which are gone when the stream is silent for long.
  return body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>, { signal })
    .pipeThrough(new EventSourceParserStream({ onRetry }));
}
