import type { Actor } from '@quantum-hub/http';
import type { Caller, SignedIn } from '../use-cases/context.ts';

interface CallFacts {
  readonly actor: Actor | undefined;
  readonly client: { readonly address: string; readonly userAgent: string | undefined };
  readonly requestId: string;
}

/** Who asks, as the use cases take it. */
export function callerOf({ actor, client, requestId }: CallFacts): Caller {
  return { actor, ...client, requestId };
}

export function signedInCaller({
  actor,
  client,
  requestId,
}: CallFacts & { readonly actor: Actor }): SignedIn {
  return { actor, ...client, requestId };
}

/** Dates as ISO 8601, as JSON has them. */
export function plain<Value>(value: Value): unknown {
  return JSON.parse(JSON.stringify(value));
}
