import type { Observable } from '@quantum-hub/execution/ports';

/** The highest qubit that an observable names, or -1. */
export function highestQubit({ terms }: Observable): number {
  return Math.max(-1, ...terms.flatMap(({ paulis }) => Object.keys(paulis).map(Number)));
}
