import type { Actor } from '@quantum-hub/http';
import type { Caller, SignedIn } from '../use-cases/context.ts';

interface CallFacts {
  readonly actor: Actor | undefined;
  readonly client: { readonly address: string; readonly userAgent: string | undefined };
}

/** Who asks, as the use cases take it. */
export function callerOf({ actor, client }: CallFacts): Caller {
  return { actor, ...client };
}

export function signedInCaller({ actor, client }: CallFacts & { readonly actor: Actor }): SignedIn {
  return { actor, ...client };
}

/** Dates as ISO 8601, as JSON has them. */
export function plain<Value>(value: Value): unknown {
  return JSON.parse(JSON.stringify(value));
}
