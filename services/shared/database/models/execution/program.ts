/** What a program can be written in and how long it can be: shared by versions of apps and by jobs. */
export const programLanguages = [
  'openqasm2',
  'openqasm3',
  'qsharp',
  'qir',
  'quil',
  'python',
  'other',
] as const;

/** Twice the 500 kB of the largest program in QASMBench that a simulator here can run. */
export const programMaxChars = 1_000_000;
