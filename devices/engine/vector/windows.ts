/** Most gates that wait for a pass. */
export const MOST_WAITING = 256;

/** How many gates may wait: a window is done in about a second at most, between two pauses, however large the state. */
export function windowOf(qubits: number): number {
  return Math.max(32, Math.min(MOST_WAITING, 2 ** (32 - qubits)));
}
