import type {
  Expr,
  GateDefinition,
  InputVariable,
  Instruction,
  QubitRegister,
  QubitsType,
  Register,
  Slot,
  Subroutine,
  Type,
} from '../program/ir.ts';
import { ValueError } from '../program/values/value-error.ts';
import type { DiagnosticCode, Span } from '../source/diagnostic.ts';
import type { Findings } from '../source/findings.ts';
import type { Limits } from '../source/limits.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import type { Feature } from './feature-list.ts';
import { type FrameKind, newScope, type Scope } from './symbols.ts';

/**
 * The two rules that all others come back to, handed over with the context: expressions hold places, calls and types, which hold
 * expressions. Files then know only those below them.
 */
export type Rules = {
  readonly expression: (context: Context, syntax: Expression) => Expr | undefined;
  readonly statement: (context: Context, statement: Statement) => void;
};

/** One run of the checker: what it has built so far and where it stands. */
export type Context = {
  readonly rules: Rules;
  readonly version: 2 | 3;
  readonly limits: Limits;
  readonly findings: Findings;
  /** When to give up, by `performance.now()`. */
  readonly deadline: number;
  steps: number;
  scope: Scope;
  frame: Frame;
  /** Where instructions go: the block that is being checked. */
  out: Instruction[];
  /** Whole numbers read as real ones and '^' as a power: the angles of OpenQASM 2. */
  reals: boolean;
  /** Files of the language that were included. */
  readonly libraries: Set<'qelib1' | 'stdgates'>;
  readonly qubits: QubitRegister[];
  qubitCount: number;
  bitCount: number;
  readonly hardwareQubits: Map<number, number>;
  readonly registers: Register[];
  readonly inputs: InputVariable[];
  readonly gates: GateDefinition[];
  readonly subroutines: Subroutine[];
  readonly globalSlots: Slot[];
  /** What the tree shows and the unit does not: first place of each. */
  readonly features: Map<Feature, Span>;
};

/** The body that is being checked: the program's own, a gate's or a subroutine's. */
export type Frame = {
  readonly kind: 'program' | 'gate' | 'subroutine';
  readonly name: string;
  readonly slots: Slot[];
  readonly returns: Type | undefined;
  loops: number;
};

/** Ends the pass: a limit was reached and told. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

export function newContext(
  rules: Rules,
  version: 2 | 3,
  limits: Limits,
  findings: Findings,
  deadline: number,
): Context {
  const globalSlots: Slot[] = [];
  return {
    rules,
    version,
    limits,
    findings,
    deadline,
    steps: 0,
    scope: newScope(undefined),
    frame: { kind: 'program', name: '', slots: globalSlots, returns: undefined, loops: 0 },
    out: [],
    reals: false,
    libraries: new Set(),
    qubits: [],
    qubitCount: 0,
    bitCount: 0,
    hardwareQubits: new Map(),
    registers: [],
    inputs: [],
    gates: [],
    subroutines: [],
    globalSlots,
    features: new Map(),
  };
}

export type Complaint = {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string | undefined;
};

/** Tells what is wrong at `span`; the answer `undefined` is the poisoned value that nothing more is said about. */
export function complain(context: Context, span: Span, complaint: Complaint): undefined {
  const { suggestion, message, ...rest } = complaint;
  context.findings.add({
    start: span.start,
    end: span.end,
    ...rest,
    message: message.endsWith('.') ? message : `${message}.`,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  if (context.findings.full) throw new Stop();
}

/** Tells a limit and ends the pass. */
export function exceed(context: Context, span: Span, message: string, expected: string): never {
  complain(context, span, { code: 'limit', message, expected });
  throw new Stop();
}

/** What `work` gives, or a finding where values have no result. */
export function evaluate<T>(context: Context, span: Span, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return complain(context, span, { code: error.code, message: error.message, expected: error.expected });
  }
}

/** For the head of a sentence: `a width` as `A width`. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Counts a step of the pass and looks at the clock every few thousand. */
export function step(context: Context, span: Span): undefined {
  context.steps += 1;
  if (context.steps % 4096 === 0 && performance.now() > context.deadline) {
    exceed(
      context,
      span,
      `Checking the program takes longer than ${context.limits.milliseconds} milliseconds`,
      'a smaller program',
    );
  }
}

export function frameKind(context: Context): FrameKind {
  return context.frame.kind === 'program' ? 'global' : 'local';
}

export function addSlot(context: Context, name: string, type: Type | QubitsType): number {
  context.frame.slots.push({ name, type });
  return context.frame.slots.length - 1;
}

/** Runs `work` with a list of its own for the instructions, and gives this list. */
export function collect(context: Context, work: () => void): Instruction[] {
  const before = context.out;
  context.out = [];
  try {
    work();
    return context.out;
  } finally {
    context.out = before;
  }
}

/** Notes that the program uses a feature, at its first place. */
export function note(context: Context, feature: Feature, span: Span): undefined {
  if (!context.features.has(feature)) context.features.set(feature, { start: span.start, end: span.end });
}
