/** What the linter has to say, and where. */
export type LintFinding = {
  /** As under `versions/`, such as `20261122T170100_models.up.sql`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  /** What is wrong and what to do. */
  readonly message: string;
};

/** What a rule finds in one statement. */
export type Fault = Pick<LintFinding, 'rule' | 'message'>;
