/**
 * Guarantee: what programs and test suites of other projects showed to be read otherwise than the specification says stays mended. Each case
 * names the rule; the sections are those of the OpenQASM 3.1 specification, or of "Open Quantum Assembly Language" (2017) for version 2.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { errorsOf } from '../check/test-program.ts';
import { compile } from '../compile.ts';
import { HEAD, outcomeOf } from './test-outcome.ts';

const HEAD_2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';

/** The rule, a program, the registers at its end. */
const RUN: readonly (readonly [rule: string, program: string, outcome: string])[] = [
  [
    'Grammar, assignmentStatement: every assignment operator takes a measurement',
    `${HEAD}qubit[2] q; bit[2] c = "01"; x q; c ^= measure q; c[0] |= measure q[0]; bit d = 1; d &= measure q[1];`,
    '1 11',
  ],
  [
    'Types, "Array concatenation and slicing": an assignment joins arrays',
    `${HEAD}array[int[4], 2] a = {0, 1}; array[int[4], 4] b; b[0:3] = a ++ a; bit[2] r = b[3][0:1]; bit[2] s; bit t = 1; s = t ++ t;`,
    '1 11 01',
  ],
  [
    'Gates, "barrier": in a gate it stands for the qubits of the gate',
    `${HEAD}gate g a, b { barrier; x b; delay[1ns]; } qubit[3] z; qubit[2] q; g q[0], q[1]; bit[2] c = measure q;`,
    '10',
  ],
  [
    'Classical instructions: a measured bit is the number 0 or 1 in an operation on whole numbers',
    `${HEAD}qubit q; x q; int n = 4; n |= measure q; uint[8] u = 6; u ^= measure q; bit r = n == 5; bit s = u == 7;`,
    '1 1',
  ],
  [
    '2: a sign that changes nothing may stand before a number',
    `${HEAD_2}qreg q[1]; creg c[1]; rx(+pi*+1) q[0]; measure q -> c;`,
    '1',
  ],
  ['2: a barrier of all qubits', `${HEAD_2}qreg q[1]; creg c[1]; x q; barrier; measure q -> c;`, '1'],
  [
    '2: opaque gates that qelib1.inc has are those',
    'OPENQASM 2.0; opaque x a; opaque cx a, b; qreg q[2]; creg c[2]; x q[0]; cx q[0], q[1]; measure q -> c;',
    '11',
  ],
  [
    '2: a condition on a register that is wider than a machine word',
    `${HEAD_2}qreg q[2]; creg c[70]; creg d[1]; x q[0]; measure q[0] -> c[69]; if (c == 590295810358705651712) x q[1]; measure q[1] -> d[0];`,
    `1 1${'0'.repeat(69)}`,
  ],
];

test('programs do what the specification says', async (t) => {
  for (const [rule, program, outcome] of RUN) {
    await t.test(rule, () => assert.equal(outcomeOf(program), outcome));
  }
});

/** The rule and a line (the third of its program) that follows it. */
const ACCEPTED: readonly (readonly [rule: string, line: string])[] = [
  [
    'Types, "Built-in constants": parameters and blocks may use their names',
    'gate g(pi) tau { U(pi, 0, 0) tau; } def f(int euler) { { int pi = 3; } }',
  ],
  ['Circuit timing: a duration may be negative, a delay not', 'duration d = -5ns; delay[d + 10ns] $0;'],
  [
    'Pulses: the head of a calibration',
    'defcal rz(angle[20] t) $0 -> bit { x } defcal measure $0, q, -> bit { } defcal f(pi / 2, int(3), int n) $1 { } defcal delay(duration d) /* c */ $0 { }',
  ],
  ['Pulses: a calibration in a block', 'if (true) { cal { anything "at all } }'],
  [
    'Switch: labels are lists of constants',
    'const int n = 4; int i; switch (i) { case n, n + 1, -1, 0b1000, { } default { } }',
  ],
];

test('programs that follow the specification compile', () => {
  for (const [rule, line] of ACCEPTED) assert.deepEqual(errorsOf(`${HEAD}${line}\n`), [], rule);
});

/** The rule, a line (the third of its program), and every error that it has: `line:column+length code`. */
const REFUSED: readonly (readonly [rule: string, line: string, ...errors: string[]])[] = [
  [
    'Types, "Built-in constants" are in the outermost scope',
    'int pi; gate tau q { }',
    '3:5+2 redeclared',
    '3:14+3 redeclared',
  ],
  ['Types: sizes are whole numbers', 'bit[3.0] c; array[int, 2.0] a;', '3:5+3 type', '3:24+3 type'],
  ['Types: indices are whole numbers', 'qubit[3] q; reset q[1.0];', '3:21+3 type'],
  [
    'Types: bits of a number without a width',
    'int n = 2; bit b = n[0]; uint u; u[1] = 1;',
    '3:20+4 type',
    '3:34+4 type',
  ],
  ['Types: a number that float[32] does not hold', 'float[32] f = 1e39;', '3:15+4 value'],
  ['Types: a number that float[16] does not hold', 'float[16] f = 65520.0;', '3:15+7 value'],
  [
    'Types, "Converting duration to other types": no cast makes a duration',
    'duration d = duration(200ns); const stretch s = stretch(1ns);',
    '3:14+15 type',
    '3:49+12 type',
  ],
  ['Types, "Arrays" are declared in the global scope', 'if (true) { array[int, 2] a; }', '3:13+13 scope'],
  ['Types, "Stretch": there are no arrays of them', 'array[stretch, 2] s;', '3:7+7 type'],
  [
    'Types, "Aliasing": of registers',
    'bit[2] a; bit[2] b; let c = a ^ b; let d = 5;',
    '3:29+5 type',
    '3:44+1 type',
  ],
  [
    'Types, "Register concatenation": not with a part of itself',
    'bit[4] a; let b = a[0:2] ++ a[2:3];',
    '3:19+16 size',
  ],
  [
    'Types, "Register concatenation": of one kind',
    'array[int, 2] a; let b = a ++ a; qubit q; bit c; let d = c ++ q;',
    '3:26+6 type',
    '3:58+1 type',
  ],
  [
    'Classical instructions: a constant zero divides nothing',
    'gate g(a) q { rx(a / 0) q; } int n; n %= 0;',
    '3:18+5 value',
    '3:37+7 value',
  ],
  [
    'Switch: at least one case',
    'int i; switch (i) { } switch (i) { default { } }',
    '3:8+14 syntax',
    '3:23+26 syntax',
  ],
  [
    'Switch: over a number, and nothing is converted to one',
    'bit[2] c; bool b; float f; switch (c) { case 0 { } } switch (b) { case 0 { } } switch (f) { case 0 { } }',
    '3:36+1 type',
    '3:62+1 type',
    '3:88+1 type',
  ],
  [
    'Switch: labels are whole constants',
    'int i; const float f = 4.0; switch (i) { case f { } case i { } }',
    '3:47+1 type',
    '3:58+1 constant',
  ],
  ['Gates, "pow": a number, not a duration', 'pow(12dt) @ x $0;', '3:5+4 type'],
  [
    'Circuit timing: nothing takes a negative time',
    'delay[-5ns] $0; box[-1ns] { } x[-2ns] $0;',
    '3:7+4 value',
    '3:21+4 value',
    '3:33+4 value',
  ],
  ['Circuit timing: a box and a gate take durations', 'box[5] { } x[5] $0;', '3:5+1 type', '3:14+1 type'],
  [
    'Circuit timing: the block of durationof is a program, too',
    'duration d = durationof({ nogate $0; });',
    '3:27+6 unknown-gate',
  ],
  ['Circuit timing: a stretch takes no value', 'stretch s; s = 5ns;', '3:12+1 constant'],
  [
    'Extern functions: as many arguments as declared, of their types',
    'extern f(int[32]) -> bit; bit a = f(1, 2); bit b = f(1.5im);',
    '3:35+7 arity',
    '3:54+5 type',
  ],
  ['Extern functions: those without a result have no value', 'extern f(int); int a = f(1);', '3:24+4 type'],
  [
    'Extern functions: arrays go by reference',
    'extern f(readonly array[int[8], #dim = 1]); array[int[16], 2] a; f(a);',
    '3:68+1 size',
  ],
  ['Pulses: a calibration has one result', 'defcal x $0 -> int[8] -> int[8] { }', '3:23+2 syntax'],
  ['Pulses: what is calibrated, and where', 'defcal { }', '3:8+1 syntax'],
  ['Pulses: calibrated qubits', 'defcal x(angle) $0 { }', '3:15+1 syntax'],
  [
    'Scope: calibrations are at the top',
    'if (true) { defcal x $0 { } defcalgrammar "openpulse"; }',
    '3:13+15 scope',
    '3:29+26 scope',
  ],
  ['Scope: files are included at the top', 'if (true) { include "stdgates.inc"; }', '3:13+23 scope'],
];

test('programs that break a rule of the specification are refused at the place', () => {
  for (const [rule, line, ...errors] of REFUSED) assert.deepEqual(errorsOf(`${HEAD}${line}\n`), errors, rule);
});

/** The same for OpenQASM 2. */
const REFUSED_2: readonly (readonly [rule: string, line: string, ...errors: string[]])[] = [
  [
    'the built-in gates are not defined anew',
    'gate U(a, b, c) q { } gate CX a, b { } opaque U q;',
    '3:6+1 redeclared',
    '3:28+2 redeclared',
    '3:47+1 redeclared',
  ],
  [
    'a register is measured into a register, a qubit into a bit',
    'qreg q[1]; creg c[1]; measure q -> c[0]; measure q[0] -> c;',
    '3:23+9 size',
    '3:42+12 size',
  ],
  [
    'an opaque gate is called as it is declared',
    'opaque o(a) p, q; qreg r[2]; o(1) r[0]; o r[0], r[1];',
    '3:30+1 arity',
    '3:41+1 arity',
  ],
];

test('programs of OpenQASM 2 that break its rules are refused at the place', () => {
  for (const [rule, line, ...errors] of REFUSED_2)
    assert.deepEqual(errorsOf(`${HEAD_2}${line}\n`), errors, rule);
});

/** What only a device knows: a program, and where a run that comes to it fails. */
const ONLY_ON_DEVICES: readonly (readonly [program: string, place: string])[] = [
  [`${HEAD}extern f(int) -> int; int n = f(3) + 1;`, '3:31'],
  [`${HEAD}extern f(bit); bit c; if (c) f(c); f(c);`, '3:36'],
  [`${HEAD}stretch s; duration d = 2 * s + 3ns; delay[d] $0;`, '3:29'],
  [`${HEAD}const duration d = durationof({ x $0; }) / 2; delay[d] $0;`, '3:53'],
  [`${HEAD_2}opaque o(a) p; qreg q[1]; o(1) q[0];`, '3:27'],
  [`${HEAD_2}opaque o p; gate g p { o p; } qreg q[1]; g q[0];`, '3:24'],
];

test('a run that comes to what only a device knows fails at its place', () => {
  for (const [source, place] of ONLY_ON_DEVICES) {
    const compiled = compile(source);
    assert.ok(compiled.ok, source);
    const bound = compiled.program.bind();
    assert.ok(bound.ok);
    const run = bound.start();
    const toEnd = () => {
      while (run.next());
    };
    assert.throws(toEnd, ({ diagnostic }) => {
      const { code, line, column } = diagnostic;
      assert.deepEqual([code, `${line}:${column}`], ['unsupported', place], source);
      return true;
    });
  }
});
