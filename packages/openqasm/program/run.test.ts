import assert from 'node:assert/strict';
import test from 'node:test';
import type { Expr, Instruction, Subroutine } from './ir.ts';
import { type Operation, ProgramError, type Run } from './operation.ts';
import * as t from './test-units.ts';

const ctrl = (count = 1) => ({ kind: 'ctrl', count }) as const;
const negctrl = (count = 1) => ({ kind: 'negctrl', count }) as const;
const inv = { kind: 'inv' } as const;
const pow = (exponent: number) =>
  ({ kind: 'pow', exponent: Number.isInteger(exponent) ? t.int(exponent) : t.float(exponent) }) as const;

function said(body: readonly Instruction[], more: Parameters<typeof t.unit>[2] = {}, qubits = 4): string {
  return t.words(t.operationsOf(t.start(t.unit(qubits, body, more))));
}

function failureOf(body: readonly Instruction[], more: Parameters<typeof t.unit>[2] = {}, limits = {}) {
  let thrown: unknown;
  const run = t.start(t.unit(4, body, more), limits);
  try {
    t.operationsOf(run);
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof ProgramError, `no failure: ${thrown}`);
  assert.throws(() => run.next(), thrown, 'a run that failed stays failed');
  return thrown.diagnostic;
}

const forRange = (from: number, to: number, body: readonly Instruction[], start = 0): Instruction => ({
  ...t.span(start),
  kind: 'for',
  frame: 'global',
  slot: 2,
  over: { kind: 'range', from: t.int(from), step: undefined, to: t.int(to) },
  body,
});
const counter = [{ name: 'i', type: t.INT }];

test('gates go out as they stand, registers are broadcast', () => {
  assert.equal(said([t.gate('h', [t.all()]), t.gate('cx', [t.qubit(0), t.qubit(-1)])]), 'h0 h1 h2 h3 cx03');
  assert.equal(said([t.gate('gphase', [], [t.float(1)])]), 'gphase');
});

test('modifiers: controls in order, inverse, powers', () => {
  const q = [t.qubit(0), t.qubit(1), t.qubit(2)];
  assert.equal(said([t.gate('x', q, [], [ctrl(), negctrl()])]), 'cnx012');
  assert.equal(said([t.gate('cx', q, [], [negctrl()])]), 'ncx012');
  assert.equal(said([t.gate('s', [t.qubit(0)], [], [inv])]), 'sdg0');
  assert.equal(
    said([t.gate('x', [t.qubit(0)], [], [pow(0.5)]), t.gate('x', [t.qubit(0)], [], [pow(2)])]),
    'sx0',
  );
  assert.equal(said([t.gate('gphase', [t.qubit(1)], [t.float(1)], [ctrl()])]), 'cgphase1');
});

test('a gate of the program: inv goes backwards, pow repeats, controls reach every part', () => {
  const gates = [
    t.define('g', 2, [
      t.gate('h', [t.inner(0)]),
      t.gate('gphase', [], [t.float(0.5)]),
      t.gate('cx', [t.inner(0), t.inner(1)]),
      t.gate('t', [t.inner(1)]),
    ]),
    t.define('outer', 2, [t.gate(0, [t.inner(1), t.inner(0)]), t.gate('s', [t.inner(0)])]),
  ];
  const q = [t.qubit(2), t.qubit(3)];
  assert.equal(said([t.gate(0, q)], { gates }), 'h2 gphase cx23 t3');
  assert.equal(said([t.gate(1, q, [], [inv])], { gates }), 'sdg2 tdg2 cx32 gphase h3');
  assert.equal(said([t.gate(0, q, [], [pow(2)])], { gates }), 'h2 gphase cx23 t3 h2 gphase cx23 t3');
  assert.equal(said([t.gate(0, q, [], [pow(-1), inv])], { gates }), 'h2 gphase cx23 t3');
  assert.equal(said([t.gate(0, q, [], [pow(0)])], { gates }), '');
  assert.equal(
    said([t.gate(0, [t.qubit(0), ...q], [], [negctrl()])], { gates }),
    'nh02 ngphase0 nccx023 nt03'.replace('nccx', 'ncx'),
  );
});

test('a power that is not whole goes through the matrix of a gate of up to six qubits, wider ones are refused with a place', () => {
  const gates = [
    t.define('root', 1, [t.gate('h', [t.inner(0)]), t.gate('z', [t.inner(0)]), t.gate('h', [t.inner(0)])]),
    t.define(
      'wide',
      7,
      Array.from({ length: 7 }, (_, i) => t.gate('h', [t.inner(i)])),
    ),
  ];
  assert.equal(said([t.gate(0, [t.qubit(0)], [], [pow(0.5)])], { gates }), 'sx0');
  const places = Array.from({ length: 7 }, (_, i) => t.qubit(i));
  const run = t.start(t.unit(7, [t.gate(1, places, [], [pow(0.5)], 9)], { gates }));
  assert.throws(
    () => run.next(),
    (error) =>
      error instanceof ProgramError && error.diagnostic.code === 'unsupported' && error.diagnostic.line === 9,
  );
});

test('a parameter reaches nested gates', () => {
  const angle = (slot: number) => t.load(slot, t.FLOAT, [], 'local');
  const gates = [
    t.define('a', 1, [t.gate('rx', [t.inner(0, 1)], [angle(0)])], 1),
    t.define(
      'b',
      1,
      [
        t.gate(0, [t.inner(0, 1)], [t.binary('*', angle(0), t.float(2), t.FLOAT)]),
        t.gate(0, [t.inner(0, 1)], [angle(0)]),
      ],
      1,
    ),
  ];
  const body = [t.gate(1, [t.qubit(0)], [t.float(0.25)]), t.gate(1, [t.qubit(0)], [t.float(1)])];
  const operations = t.operationsOf(t.start(t.unit(1, body, { gates })));
  assert.deepEqual(
    operations.map((operation) => operation.kind === 'gate' && operation.parameters[0]),
    [0.5, 0.25, 2, 1],
  );
});

test('outcomes are asked for where they are read, not where they are moved', () => {
  const condition = t.binary('==', t.load(1, t.bits(2), [t.at(0)]), {
    ...t.int(1),
    type: t.bits(1),
    value: Int32Array.of(1),
  } as never);
  const body: Instruction[] = [
    t.measure(0, 1),
    {
      ...t.span(),
      kind: 'assign',
      to: { ...t.span(), frame: 'global', slot: 1, selectors: [t.at(0)] },
      value: t.load(1, t.bits(2), [t.at(1)]),
    },
    t.measure(1, 1),
    t.when(condition, [t.gate('x', [t.qubit(0)])], [t.gate('z', [t.qubit(0)])]),
  ];
  const program = t.unit(2, body);
  const one = t.start(program);
  assert.equal(t.words(t.operationsOf(one, [1])), 'measure0 measure1 need0 x0');
  assert.deepEqual(
    [...one.bits()],
    [1, 3],
    'bit 0 is the copied outcome, bit 1 is measurement 1, never asked for',
  );
  one.resolve(1, 1);
  assert.deepEqual([...one.bits()], [1, 1]);
  assert.equal(t.words(t.operationsOf(t.start(program), [0])), 'measure0 measure1 need0 z0');
  assert.throws(() => one.resolve(7, 0), RangeError);
});

test('an outcome resolved before it is read is not asked for', () => {
  const body: Instruction[] = [
    t.measure(0, 0),
    {
      ...t.span(),
      kind: 'while',
      condition: t.load(1, t.bits(1), [t.at(0)]),
      body: [t.gate('x', [t.qubit(0)]), t.measure(0, 0)],
    },
  ];
  const run = t.start(t.unit(1, body));
  const seen: Operation[] = [];
  for (let operation = run.next(); operation; operation = run.next()) {
    seen.push(operation);
    if (operation.kind === 'measure') run.resolve(operation.id, operation.id < 2 ? 1 : 0);
  }
  assert.equal(t.words(seen), 'measure0 x0 measure0 x0 measure0');
});

test('copies go their own ways, in the middle of loops, gates and calls too', () => {
  const gates = [t.define('g', 1, [t.gate('h', [t.inner(0)]), t.gate('t', [t.inner(0)])])];
  const subroutine: Subroutine = {
    ...t.span(),
    name: 'f',
    parameters: 1,
    slots: [{ name: 'a', type: { kind: 'qubits', size: 1, lone: true } }],
    returns: undefined,
    body: [{ ...t.gate(0, [t.inner(0)]) }, { ...t.span(), kind: 'return', value: undefined }],
  };
  const call: Instruction = {
    ...t.span(),
    kind: 'call',
    subroutine: 0,
    arguments: [{ kind: 'qubits', qubits: t.qubit(1) }],
    to: undefined,
  };
  const bit = t.load(1, t.bits(1), [t.at(0)]);
  const body = [forRange(0, 2, [t.measure(0, 0), call, t.when(bit, [t.gate('x', [t.qubit(0)])], [])])];
  const program = t.unit(2, body, { gates, slots: counter, subroutines: [subroutine] });
  const outcomeOf = (id: number) => (id === 1 ? 0 : 1);
  const take = (run: Run, most: number): Operation[] => {
    const taken: Operation[] = [];
    for (let operation = run.next(); operation; operation = run.next()) {
      taken.push(operation);
      if (operation.kind === 'need') run.resolve(operation.id, outcomeOf(operation.id));
      if (taken.length === most) break;
    }
    return taken;
  };
  const whole = take(t.start(program), 1000);
  for (let cut = 1; cut <= whole.length; cut++) {
    const run = t.start(program);
    take(run, cut);
    const copy = run.copy();
    const expected = t.words(whole.slice(cut));
    assert.equal(t.words(take(copy, 1000)), expected);
    assert.equal(t.words(take(run, 1000)), expected, 'the copy took nothing from the run it was made of');
  }
});

test('copies with other outcomes part ways and share no variables', () => {
  const bit = t.load(1, t.bits(1), [t.at(0)]);
  const one = { ...t.int(1), type: t.bits(1), value: Int32Array.of(1) } as Expr;
  const flag: Instruction = {
    ...t.span(),
    kind: 'assign',
    to: { ...t.span(), frame: 'global', slot: 1, selectors: [t.at(1)] },
    value: one,
  };
  const body = [t.measure(0, 0), t.when(bit, [flag, t.gate('x', [t.qubit(0)])], [t.gate('z', [t.qubit(0)])])];
  const run = t.start(t.unit(2, body));
  run.next();
  const copy = run.copy();
  run.resolve(0, 1);
  copy.resolve(0, 0);
  assert.equal(t.words(t.operationsOf(run)), 'x0');
  assert.equal(t.words(t.operationsOf(copy)), 'z0');
  assert.deepEqual(
    [[...run.bits()], [...copy.bits()]],
    [
      [1, 1],
      [0, 0],
    ],
  );
});

test('a gate bomb is refused at its call in no time', () => {
  const gates = [t.define('g0', 1, [t.gate('t', [t.inner(0)]), t.gate('h', [t.inner(0)])])];
  for (let i = 1; i <= 40; i++)
    gates.push(t.define(`g${i}`, 1, [t.gate(i - 1, [t.inner(0)]), t.gate(i - 1, [t.inner(0)])]));
  const before = process.cpuUsage();
  const diagnostic = failureOf([t.gate(40, [t.qubit(0)], [], [], 46)], { gates });
  assert.ok(process.cpuUsage(before).user < 500_000);
  assert.deepEqual([diagnostic.line, diagnostic.code], [46, 'limit']);
  assert.match(diagnostic.message, /g40 stands for 2199023255552/);
});

test('loops that are too long are refused before their first round, unless something may end them', () => {
  const long = failureOf([forRange(0, 999_999_999, [t.gate('h', [t.qubit(0)])], 5)], { slots: counter });
  assert.deepEqual([long.line, long.code], [5, 'limit']);
  const costly = failureOf(
    [forRange(0, 99, [t.gate('h', [t.all()])], 6)],
    { slots: counter },
    { operations: 99 },
  );
  assert.deepEqual([costly.line, costly.code], [6, 'limit']);
  const leave: Instruction = { ...t.span(), kind: 'break' };
  assert.equal(
    said([forRange(0, 999_999_999, [t.gate('h', [t.qubit(0)]), leave])], { slots: counter }),
    'h0',
  );
  const endless: Instruction = {
    ...t.span(8),
    kind: 'while',
    condition: { ...t.int(1), type: t.BOOL, value: true } as never,
    body: [],
  };
  assert.deepEqual(failureOf([endless], {}, { rounds: 1000 }).line, 8);
  assert.match(failureOf([endless], {}, { rounds: 1e9, steps: 10_000 }).message, /10000 classical steps/);
});

test('operations, nesting and calls of empty gates are bounded', () => {
  const h = t.gate('h', [t.all()], [], [], 3);
  assert.equal(failureOf([h], {}, { operations: 3 }).code, 'limit');
  const gates = [t.define('empty', 1, []), t.define('deep', 1, [t.gate(0, [t.inner(0)])])];
  assert.match(
    failureOf([t.gate(1, [t.qubit(0)], [], [pow(1e12)])], { gates }, { steps: 10_000 }).message,
    /10000 classical steps/,
  );
  assert.match(failureOf([t.gate(1, [t.qubit(0)], [], [], 4)], { gates }, { nesting: 1 }).message, /deep/);
});

test('indices and qubits are checked where they are known at run time only, with a place', () => {
  const i = t.load(2, t.INT);
  const outside = failureOf([forRange(0, 4, [t.gate('h', [t.qubit({ ...i, start: 7 })])])], {
    slots: counter,
  });
  assert.deepEqual([outside.code, outside.line], ['index', 7]);
  const twice = failureOf([forRange(1, 1, [t.gate('cx', [t.qubit(1), { ...t.qubit(i), start: 8 }])])], {
    slots: counter,
  });
  assert.deepEqual([twice.code, twice.line], ['same-qubit', 8]);
  assert.match(twice.message, /q\[1\]/);
});

test('a flat program is served fast, and its gates are kept for the next run', () => {
  const body = Array.from({ length: 1000 }, (_, i) => t.gate('h', [t.qubit(i % 4)]));
  const program = t.unit(4, body);
  const first = t.operationsOf(t.start(program));
  const second = t.operationsOf(t.start(program));
  const third = t.operationsOf(t.start(program));
  assert.deepEqual(second, first);
  assert.equal(third[500], second[500], 'the same objects from the second run on');
});
