/** How far long work is, as it tells whoever follows it. */
export type Step = {
  readonly done: number;
  /** All that there is to do; `done` stays below it where somebody else did a part. */
  readonly total: number;
  /** What comes next, for people; empty at the end. */
  readonly next: string;
};
