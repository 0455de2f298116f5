import type { Block, Expression, GateCall, Identifier, Program, Statement } from './ast.ts';
import { isReserved } from './keywords.ts';
import { isStandardGate } from './standard-gate-names.ts';

/** Built-in names of OpenQASM 3 that an OpenQASM 2 program may have given to something of its own. */
const BUILT_IN = ['pi', 'tau', 'euler', 'im', 'log', 'mod', 'popcount', 'sizeof', 'U', 'gphase'];

/** Functions that OpenQASM 3 calls otherwise. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['ln', 'log'],
  ['acos', 'arccos'],
  ['asin', 'arcsin'],
  ['atan', 'arctan'],
]);

/**
 * The same program in OpenQASM 3; a tree of OpenQASM 3 is given back as it is. Measurements become assignments, `qreg` and `creg`
 * become `qubit` and `bit`, `CX` a controlled `U`; functions get their new names; quotients of integers, which are real numbers in
 * OpenQASM 2, get a real numerator; names that OpenQASM 3 keeps for itself get a `_`. `qelib1.inc` becomes
 * `stdgates.inc` where that file has all gates that are used. An `opaque` gate, which OpenQASM 3 can't declare, is left as a pragma.
 */
export function toOpenQasm3(tree: Program): Program {
  if (tree.version.major === 3) return tree;
  const modern = new Modernizer(tree);
  const statements = tree.statements.map((statement) => modern.statement(statement));
  return { ...tree, version: { major: 3, minor: 0 }, versionGiven: true, statements };
}

class Modernizer {
  readonly #standard: boolean;
  /** Whether the program has stdgates.inc, and its CX, from now on. */
  readonly #hasLibrary: boolean;
  readonly #names: ReadonlyMap<string, string>;

  constructor(tree: Program) {
    const { called, given } = collectNames(tree);
    const defined = new Set(
      tree.statements.flatMap((s) =>
        s.kind === 'gate-definition' || s.kind === 'opaque' ? [s.name.name] : [],
      ),
    );
    this.#standard =
      [...called].every((name) => isStandardGate(name) || defined.has(name)) &&
      [...given].every((name) => !isStandardGate(name));
    this.#hasLibrary =
      this.#standard && tree.statements.some((s) => s.kind === 'include' && s.path === 'qelib1.inc');
    this.#names = renamed(given, new Set([...called, ...given]));
  }

  statement(s: Statement): Statement {
    switch (s.kind) {
      case 'include':
        return s.path === 'qelib1.inc' && this.#standard ? { ...s, path: 'stdgates.inc' } : s;
      case 'quantum-declaration':
        return { ...s, keyword: 'qubit', name: this.#name(s.name) };
      case 'classical-declaration':
        return { ...s, keyword: 'type', name: this.#name(s.name) };
      case 'measurement':
        return this.#measurement(s);
      case 'reset':
        return { ...s, operand: this.#expression(s.operand) };
      case 'barrier':
        return { ...s, operands: s.operands.map((operand) => this.#expression(operand)) };
      case 'gate-call':
        return this.#call(s);
      case 'gate-definition':
        return { ...s, ...this.#head(s), body: this.#block(s.body) };
      case 'opaque': {
        const { name, parameters, qubits } = this.#head(s);
        const list = parameters.length > 0 ? `(${parameters.map((p) => p.name).join(', ')})` : '';
        const text = `opaque ${name.name}${list} ${qubits.map((q) => q.name).join(', ')}`;
        return { kind: 'pragma', start: s.start, end: s.end, text };
      }
      case 'if':
        // biome-ignore lint/suspicious/noThenProperty: the tree's word for the branch; no promise will meet it.
        return { ...s, condition: this.#expression(s.condition), then: this.#block(s.then) };
      default:
        return s;
    }
  }

  #block(block: Block): Block {
    return { ...block, statements: block.statements.map((statement) => this.statement(statement)) };
  }

  #head<Head extends { name: Identifier; parameters: readonly Identifier[]; qubits: readonly Identifier[] }>(
    s: Head,
  ) {
    return {
      name: this.#name(s.name),
      parameters: s.parameters.map((parameter) => this.#name(parameter)),
      qubits: s.qubits.map((qubit) => this.#name(qubit)),
    };
  }

  #measurement(s: Extract<Statement, { kind: 'measurement' }>): Statement {
    const { start, end } = s;
    const measure = { ...s.measure, operand: this.#expression(s.measure.operand) };
    if (!s.target) return { ...s, measure };
    return {
      kind: 'assignment',
      start,
      end,
      target: this.#expression(s.target),
      operator: '=',
      value: measure,
    };
  }

  #call(s: GateCall): Statement {
    const operands = s.operands.map((operand) => this.#expression(operand));
    if (s.name.name === 'CX' && !this.#hasLibrary) return { ...controlledX(s), operands };
    const args = s.arguments.map((argument) => this.#expression(argument));
    return { ...s, name: this.#name(s.name), arguments: args, operands };
  }

  #name(node: Identifier): Identifier {
    const name = this.#names.get(node.name);
    return name === undefined ? node : { ...node, name };
  }

  #expression(e: Expression): Expression {
    switch (e.kind) {
      case 'identifier':
        return this.#name(e);
      case 'index':
        return { ...e, of: this.#expression(e.of) };
      case 'parenthesized':
        return { ...e, expression: this.#expression(e.expression) };
      case 'unary':
        return { ...e, operand: this.#expression(e.operand) };
      case 'call': {
        const name = { ...e.name, name: FUNCTIONS.get(e.name.name) ?? e.name.name };
        return { ...e, name, arguments: e.arguments.map((argument) => this.#expression(argument)) };
      }
      case 'binary': {
        const real = (e.operator === '/' || e.operator === '**') && isInteger(e.left) && isInteger(e.right);
        const left = this.#expression(real ? asReal(e.left) : e.left);
        return { ...e, left, right: this.#expression(e.right) };
      }
      default:
        return e;
    }
  }
}

/** `CX` is built into OpenQASM 2 only: a controlled X, X being U(pi, -pi/2, pi/2) to the phase (3.1 makes U(pi, 0, pi) i times X). */
function controlledX(s: GateCall): GateCall {
  const { start, end } = s.name;
  const pi: Expression = { kind: 'identifier', start, end, name: 'pi' };
  const two: Expression = { kind: 'integer', start, end, value: 2n, base: 10 };
  const minus: Expression = { kind: 'unary', start, end, operator: '-', operand: pi };
  const half = (left: Expression): Expression => ({
    kind: 'binary',
    start,
    end,
    operator: '/',
    left,
    right: two,
  });
  const modifiers = [{ kind: 'gate-modifier', start, end, modifier: 'ctrl', argument: undefined }] as const;
  return { ...s, modifiers, name: { ...s.name, name: 'U' }, arguments: [pi, half(minus), half(pi)] };
}

function isInteger(e: Expression): boolean {
  if (e.kind === 'binary') return isInteger(e.left) && isInteger(e.right);
  if (e.kind === 'unary') return isInteger(e.operand);
  return e.kind === 'parenthesized' ? isInteger(e.expression) : e.kind === 'integer';
}

function asReal(e: Expression): Expression {
  if (e.kind === 'integer') return { ...e, kind: 'float', value: Number(e.value), text: `${e.value}.0` };
  if (e.kind === 'unary') return { ...e, operand: asReal(e.operand) };
  if (e.kind === 'parenthesized') return { ...e, expression: asReal(e.expression) };
  return e.kind === 'binary' ? { ...e, left: asReal(e.left) } : e;
}

/** Gates that are called, and names that the program gives to something. */
function collectNames(tree: Program): { called: Set<string>; given: Set<string> } {
  const called = new Set<string>();
  const given = new Set<string>();
  const visit = (s: Statement): void => {
    if (s.kind === 'gate-call' && s.name.name !== 'U' && s.name.name !== 'CX') called.add(s.name.name);
    if (s.kind === 'quantum-declaration' || s.kind === 'classical-declaration') given.add(s.name.name);
    if (s.kind === 'if') s.then.statements.forEach(visit);
    if (s.kind === 'opaque' || s.kind === 'gate-definition') {
      for (const { name } of [s.name, ...s.parameters, ...s.qubits]) given.add(name);
    }
    if (s.kind === 'gate-definition') s.body.statements.forEach(visit);
  };
  tree.statements.forEach(visit);
  return { called, given };
}

function renamed(given: ReadonlySet<string>, taken: Set<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of given) {
    if (!isReserved(name) && !BUILT_IN.includes(name)) continue;
    let free = `${name}_`;
    while (taken.has(free)) free += '_';
    taken.add(free);
    names.set(name, free);
  }
  return names;
}
