import { STANDARD_GATES } from '../gates/standard-gates.ts';
import { suggest } from '../source/suggest.ts';
import type { Identifier } from '../syntax/ast.ts';
import { type Context, complain } from './context.ts';
import type { Meaning, Scope } from './symbols.ts';

export type Found = { readonly meaning: Meaning; readonly wall: 'gate' | 'subroutine' | undefined };

/** Gives `name` its meaning in the innermost scope, unless it is taken there. */
export function define(context: Context, name: Identifier, meaning: Meaning): undefined {
  const before = context.scope.names.get(name.name);
  const callable = lookUpGlobal(context, name.name);
  if (before === undefined && !isCallable(callable)) {
    context.scope.names.set(name.name, { meaning, span: name });
    return;
  }
  if (before?.meaning.kind === 'poison') return;
  complain(context, name, {
    code: 'redeclared',
    message: `${name.name} is declared already${before === undefined ? ', as a gate or subroutine' : ' in this scope'}`,
    expected: 'a name that is free here',
  });
}

/** A name whose declaration went wrong: its uses are not told again. */
export function poison(context: Context, name: Identifier): undefined {
  if (!context.scope.names.has(name.name)) {
    context.scope.names.set(name.name, { meaning: { kind: 'poison' }, span: name });
  }
}

/** What the name stands for here, looking outwards; `wall` tells whether a gate's or subroutine's body lies between. */
export function lookUp(context: Context, name: string): Found | undefined {
  let wall: Found['wall'];
  for (let scope: Scope | undefined = context.scope; scope !== undefined; scope = scope.parent) {
    const entry = scope.names.get(name);
    if (entry !== undefined) return { meaning: entry.meaning, wall };
    wall ??= scope.wall;
  }
  const meaning = standardGate(context, name);
  return meaning && { meaning, wall: undefined };
}

function lookUpGlobal(context: Context, name: string): Meaning | undefined {
  let scope = context.scope;
  if (scope.parent === undefined) {
    // A program of OpenQASM 2 may bring its own definition of a gate that qelib1.inc has too: exporters do.
    const standard = standardGate(context, name);
    return context.version === 2 ? undefined : standard;
  }
  while (scope.parent !== undefined) scope = scope.parent;
  return scope.names.get(name)?.meaning;
}

function isCallable(meaning: Meaning | undefined): boolean {
  return (
    meaning?.kind === 'gate' ||
    meaning?.kind === 'standard-gate' ||
    meaning?.kind === 'subroutine' ||
    meaning?.kind === 'extern'
  );
}

const standardMeanings = new Map<string, Meaning>();

function standardGate(context: Context, name: string): Meaning | undefined {
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
    message: `no gate ${name.name} is defined`,
    expected: 'a gate of an included file or one that is defined before',
    suggestion: file ? `include "${file}";` : near && `did you mean '${near}'?`,
  });
}
