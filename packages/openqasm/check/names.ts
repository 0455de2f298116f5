import { STANDARD_GATES } from '../gates/standard-gates.ts';
import { suggest } from '../source/suggest.ts';
import type { Identifier } from '../syntax/ast.ts';
import { type Context, complain } from './context.ts';
import type { Meaning, Scope } from './symbols.ts';

export type Found = { readonly meaning: Meaning; readonly wall: 'gate' | 'subroutine' | undefined };

/** The constants of the language: taken in the outermost scope, free for the names of parameters and in blocks. */
export const BUILTIN_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['tau', 2 * Math.PI],
  ['τ', 2 * Math.PI],
  ['euler', Math.E],
  ['ℇ', Math.E],
]);

/** Gives `name` its meaning in the innermost scope, unless it is taken there. */
export function define(context: Context, name: Identifier, meaning: Meaning): undefined {
  const before = context.scope.names.get(name.name);
  if (!isTaken(context, name.name, meaning)) {
    context.scope.names.set(name.name, { meaning, span: name });
    return;
  }
  if (before?.meaning.kind === 'poison') return;
  complain(context, name, {
    code: 'redeclared',
    message: `${name.name} is declared already${whereTaken(name.name, before !== undefined)}`,
    expected: 'a name that is free here',
  });
}

function whereTaken(name: string, inScope: boolean): string {
  if (inScope) return ' in this scope';
  return BUILTIN_CONSTANTS.has(name) ? ', as a constant of the language' : ', as a gate or subroutine';
}

/** A name whose declaration went wrong: its uses are not told again. */
export function poison(context: Context, name: Identifier): undefined {
  if (!context.scope.names.has(name.name)) {
    context.scope.names.set(name.name, { meaning: { kind: 'poison' }, span: name });
  }
}

/**
 * What the name stands for here, looking outwards; `wall` tells whether a gate's or subroutine's body lies between. Gates of the
 * language's files are not among it: `lookUpGate`.
 */
export function lookUp(context: Context, name: string): Found | undefined {
  let wall: Found['wall'];
  for (let scope: Scope | undefined = context.scope; scope !== undefined; scope = scope.parent) {
    const entry = scope.names.get(name);
    if (entry !== undefined) return { meaning: entry.meaning, wall };
    wall ??= scope.wall;
  }
  return undefined;
}

/**
 * What the name stands for where a gate is called. A variable may bear the name of a gate of the language's files (`int x;` beside
 * `x q;`): people do so, and there is no doubt which is meant.
 */
export function lookUpGate(context: Context, name: string): Meaning | undefined {
  const own = lookUp(context, name)?.meaning;
  if (own !== undefined && (isCallable(own) || own.kind === 'poison')) return own;
  return standardGate(context, name) ?? own;
}

function isTaken(context: Context, name: string, meaning: Meaning): boolean {
  let scope = context.scope;
  if (scope.names.has(name)) return true;
  if (scope.parent === undefined && BUILTIN_CONSTANTS.has(name)) return true;
  while (scope.parent !== undefined) scope = scope.parent;
  const outermost = scope.names.get(name)?.meaning;
  if (isCallable(outermost)) return true;
  if (!isCallable(meaning)) return false;
  // A program of OpenQASM 2 may bring its own definition of a gate that qelib1.inc has too: exporters do. U and CX are the language's.
  if (context.version === 2) return STANDARD_GATES.get(name)?.sources.includes('builtin-2') === true;
  return standardGate(context, name) !== undefined;
}

function isCallable(meaning: Meaning | undefined): boolean {
  return (
    meaning?.kind === 'gate' ||
    meaning?.kind === 'opaque' ||
    meaning?.kind === 'standard-gate' ||
    meaning?.kind === 'subroutine' ||
    meaning?.kind === 'extern'
  );
}

const standardMeanings = new Map<string, Meaning>();

export function standardGate(context: Context, name: string): Meaning | undefined {
  const gate = STANDARD_GATES.get(name);
  if (gate === undefined) return undefined;
  const builtin = context.version === 2 ? 'builtin-2' : 'builtin-3';
  if (!gate.sources.some((source) => source === builtin || context.libraries.has(source as 'qelib1'))) {
    return undefined;
  }
  let meaning = standardMeanings.get(name);
  if (meaning === undefined) {
    meaning = { kind: 'standard-gate', gate };
    standardMeanings.set(name, meaning);
  }
  return meaning;
}

/** All names that may be used here, for suggestions. */
export function namesInScope(context: Context, accept: (meaning: Meaning) => boolean): string[] {
  const names: string[] = [];
  for (let scope: Scope | undefined = context.scope; scope !== undefined; scope = scope.parent) {
    for (const [name, { meaning }] of scope.names) if (accept(meaning)) names.push(name);
  }
  return names;
}

/** Tells that a name stands for nothing, with the nearest that does. */
export function complainUndeclared(context: Context, name: Identifier): undefined {
  const near = suggest(
    name.name,
    namesInScope(context, (meaning) => meaning.kind !== 'poison' && !isCallable(meaning)),
  );
  return complain(context, name, {
    code: 'undeclared',
    message: `${name.name} is not declared`,
    expected: 'a declared name',
    suggestion: near && `did you mean '${near}'?`,
  });
}

export function complainUnknownGate(context: Context, name: Identifier): undefined {
  const standard = STANDARD_GATES.get(name.name);
  const file = standard?.sources.includes(context.version === 2 ? 'qelib1' : 'stdgates')
    ? `${context.version === 2 ? 'qelib1' : 'stdgates'}.inc`
    : undefined;
  const known = [...STANDARD_GATES.keys()].filter((gate) => standardGate(context, gate));
  const near = suggest(name.name, [...namesInScope(context, (meaning) => meaning.kind === 'gate'), ...known]);
  return complain(context, name, {
    code: 'unknown-gate',
    message: `No gate ${name.name} is defined`,
    expected: 'a gate of an included file or one that is defined before',
    suggestion: file ? `include "${file}";` : near && `did you mean '${near}'?`,
  });
}
