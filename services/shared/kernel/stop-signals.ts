/** What ends a program from outside: Ctrl-C, `kill`, a closed terminal. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof stopSignals)[number];

/**
 * npm and npx pass the terminal's signal on to a child that got it as well (their run-script forwards SIGINT and SIGTERM):
 * what follows within this time can be the same key press.
 */
const samePressMs = 300;

/**
 * Calls `onStop` at the first signal, and `onForce` at a later one, for a person who will not wait for what the first one
 * began. Disposing of the result gives the signals back to Node.
 */
export function onStopSignal(
  onStop: (signal: StopSignal) => void,
  onForce: (signal: StopSignal) => void,
): Disposable {
  let firstAt: number | undefined;
  const listen = (signal: StopSignal) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      onStop(signal);
    } else if (now - firstAt > samePressMs) onForce(signal);
  };
  for (const signal of stopSignals) process.on(signal, listen);
  return {
    [Symbol.dispose]() {
      for (const signal of stopSignals) process.off(signal, listen);
    },
  };
}
