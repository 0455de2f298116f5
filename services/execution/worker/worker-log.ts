/** Where a worker writes what operators should know; never a program, an input or a result. */
export type WorkerLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts: Readonly<Record<string, unknown>>,
) => void;
