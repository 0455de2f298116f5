import type { Diagnostic, Finding } from './diagnostic.ts';
import type { SourceText } from './source-text.ts';

/** More than these help nobody: a person mends the first ones and asks again. */
export const MOST_FINDINGS = 50;

/** Collects what a pass finds: at most `MOST_FINDINGS`, one of a kind at a place. */
export class Findings {
  readonly #byKey = new Map<string, Finding>();

  get count(): number {
    return this.#byKey.size;
  }

  /** True when no further finding is taken: a pass may stop. */
  get full(): boolean {
    return this.#byKey.size >= MOST_FINDINGS;
  }

  add(finding: Finding): void {
    if (this.full) return;
    const key = `${finding.start} ${finding.code} ${finding.message}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, finding);
  }

  /** In the order of the text. */
  sorted(): readonly Finding[] {
    return [...this.#byKey.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  }

  diagnostics(source: SourceText): readonly Diagnostic[] {
    return this.sorted().map((finding) => source.diagnose(finding));
  }
}
