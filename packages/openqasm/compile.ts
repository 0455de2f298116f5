import { bindInputs, type Given } from './check/bind-inputs.ts';
import { Check } from './check/check.ts';
import { FEATURES, type Feature } from './check/feature-list.ts';
import { inputSchema, type JsonSchema } from './check/input-schema.ts';
import { unitFeatures } from './check/unit-features.ts';
import type { Unit } from './program/ir.ts';
import type { Run } from './program/operation.ts';
import { startRun } from './program/run.ts';
import type { Diagnostic, Span } from './source/diagnostic.ts';
import type { Findings } from './source/findings.ts';
import { DEFAULT_LIMITS, type Limits } from './source/limits.ts';
import type { SourceText } from './source/source-text.ts';
import { type ParseOptions, parseInto } from './syntax/parse.ts';

export type CompileOptions = ParseOptions;

/** A feature of the language that a program uses, at its first place. */
export type FeatureUse = Pick<Diagnostic, 'line' | 'column' | 'length' | 'file'> & {
  readonly feature: Feature;
};

export type CompiledProgram = {
  readonly unit: Unit;
  /** The source of a stretch of the program or of an included file: the labels of drawings. */
  readonly textOf: (span: Span) => string;
  /** JSON Schema (2020-12) of the object that `bind` takes. */
  inputs(): JsonSchema;
  /** In the order of the text. */
  features(): readonly FeatureUse[];
  /** Gives the inputs their values: exact, all faults at once, each by the input's name. */
  bind(inputs?: Given): BindResult;
};

export type BindResult =
  | { readonly ok: true; start(limits?: Partial<Limits>): Run }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

export type CompileResult =
  | { readonly ok: true; readonly program: CompiledProgram }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Everything that is wrong with a program, in the order of its text; nothing: it compiles. Never throws. */
export function check(source: string | Uint8Array, options: CompileOptions = {}): readonly Diagnostic[] {
  const result = compile(source, options);
  return result.ok ? [] : result.errors;
}

/** Reads and checks a program. Never throws, reads no file, and gives up at the limits with one `limit` error. */
export function compile(source: string | Uint8Array, options: CompileOptions = {}): CompileResult {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const deadline = performance.now() + limits.milliseconds;
  let check = new Check(3, limits, deadline);
  const parsed = parseInto(source, options, (version) => {
    check = new Check(version, limits, deadline);
    return (statement) => check.take(statement);
  });
  const errors =
    parsed.errors.length > 0
      ? merge(parsed.errors, check.findings, parsed.source)
      : check.findings.diagnostics(parsed.source);
  if (errors.length > 0) return { ok: false, errors };
  const { unit, features } = check.checked();
  return { ok: true, program: compiled(unit, features, parsed.source, limits) };
}

/**
 * With errors of the grammar the tree has holes: names that a hole would have declared are not there. What the checker says behind the first
 * hole may follow from it, so only what stands before it is told too.
 */
function merge(errors: readonly Diagnostic[], findings: Findings, source: SourceText): readonly Diagnostic[] {
  const first = errors[0] as Diagnostic;
  const before = findings
    .diagnostics(source)
    .filter((each) => each.file === undefined && first.file === undefined && each.line < first.line);
  return [...before, ...errors];
}

function compiled(
  unit: Unit,
  noted: ReadonlyMap<Feature, Span>,
  source: SourceText,
  limits: Limits,
): CompiledProgram {
  let uses: readonly FeatureUse[] | undefined;
  return {
    unit,
    textOf: ({ start, end }) => {
      const file = source.files.findLast(({ base }) => base <= start);
      return file?.text.slice(start - file.base, end - file.base) ?? '';
    },
    inputs: () => inputSchema(unit.inputs),
    features: () => {
      uses ??= listFeatures(unitFeatures(unit, noted), source);
      return uses;
    },
    bind: (given = {}) => {
      const { values, findings } = bindInputs(unit.inputs, given);
      if (findings.length > 0) return { ok: false, errors: findings.map((each) => source.diagnose(each)) };
      return {
        ok: true,
        start: (own = {}) =>
          startRun(unit, values, { ...limits, ...own }, (failure) => source.diagnose(failure)),
      };
    },
  };
}

function listFeatures(uses: ReadonlyMap<Feature, Span>, source: SourceText): readonly FeatureUse[] {
  const known = Object.keys(FEATURES) as Feature[];
  return known
    .flatMap((feature) => {
      const span = uses.get(feature);
      return span === undefined ? [] : [{ feature, span }];
    })
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ feature, span }) => ({ feature, ...source.locate(span) }));
}
