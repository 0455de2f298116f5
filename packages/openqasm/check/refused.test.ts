import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../compile.ts';
import { errorsOf } from './test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc";\n';
const HEAD_2 = 'OPENQASM 2.0; include "qelib1.inc";\n';

/** The rule, a program (its own line 1 is line 2 of the whole), and every error that it has. */
const REFUSED: readonly (readonly [string, string, ...string[]])[] = [
  ['a constant that does not fit', 'int[8] a = 300;', '2:12+3 value'],
  ['each constant by the pattern of its width', 'uint[4] u = -1; u = 15; u = 16;', '2:29+2 value'],
  ['a division of constants by zero', 'const int n = 1 / 0;', '2:15+5 value'],
  ['a root of a negative constant', 'const float f = sqrt(-1.0);', '2:17+10 value'],
  ['a shift by a negative amount', 'int a = 1 << -1;', '2:9+7 value'],
  ['a whole power that is a fraction', 'float e = 2 ** -1;', '2:11+7 value'],
  ['a qubit twice in a gate', 'qubit[4] q; cx q[1], q[1];', '2:22+4 same-qubit'],
  ['a qubit twice after broadcasting', 'qubit[4] q; cx q[0:1], q[1:2]; cx q, q;', '2:38+1 same-qubit'],
  ['a register beside one of its qubits', 'qubit[4] q; cx q, q[2];', '2:19+4 same-qubit'],
  ['a qubit twice in a set', 'qubit[4] q; let a = q[{0, 0}]; x a;', '2:21+9 same-qubit'],
  ['a register joined with a part of itself', 'qubit[4] q; let b = q[0:2] ++ q[2:3];', '2:31+6 same-qubit'],
  ['one qubit under two names', 'qubit[4] q; let d = q[1:-1]; cx d[-1], q[3];', '2:40+4 same-qubit'],
  ['a qubit of a gate twice', 'gate g a { cx a, a; }', '2:18+1 same-qubit'],
  ['a qubit twice among arguments', 'def f(qubit a, qubit b) {} qubit q; f(q, q);', '2:42+1 same-qubit'],
  ['an index beyond either end', 'qubit[2] r; x r[2]; x r[-3]; x r[-1];', '2:17+1 index', '2:25+2 index'],
  ['an index of a lone qubit', 'qubit q; x q[0];', '2:12+4 type'],
  ['a slice that picks nothing', 'qubit[4] q; x q[2:1];', '2:17+3 index'],
  ['an index of a lone bit', 'bit c; c[0] = 1;', '2:8+4 type'],
  ['an index that is no whole number', 'qubit[2] q; x q[1.5];', '2:17+3 type'],
  [
    'too many indices',
    'array[int, 2] a; a[0, 1] = 2; bit[2] c; c[0, 1] = 1;',
    '2:18+7 index',
    '2:41+7 index',
  ],
  ['a gate that calls itself', 'gate g a { g a; }', '2:12+1 recursion'],
  ['a gate before its definition', 'gate f a { g a; } gate g a {}', '2:12+1 unknown-gate'],
  ['a measurement in a gate', 'gate g a { measure a; }', '2:12+9 scope'],
  ['a reset in a gate', 'gate g a { reset a; }', '2:12+8 scope'],
  ['an index in a gate', 'gate g a { x a[0]; }', '2:14+4 type'],
  ['a variable in a gate', 'float v; gate g q { rx(v) q; }', '2:24+1 scope'],
  ['a qubit of the program in a gate', 'qubit q; gate g a { x q; }', '2:23+1 scope'],
  ['a qubit of the program in a subroutine', 'qubit q; def f() { x q; }', '2:22+1 scope'],
  ['a variable changed in a subroutine', 'int n; def f() { n = 4; }', '2:18+1 constant'],
  ['a subroutine that calls itself', 'def f(int n) -> int { return f(n); }', '2:30+4 recursion'],
  ['a path without a return', 'def f(qubit q) -> bit { if (true) { return measure q; } }', '2:5+1 type'],
  ['a return of another type', 'def f() -> int { return 1.5; }', '2:25+3 type'],
  ['a return without a value', 'def f() -> int { return; }', '2:18+7 type'],
  ['a value nobody takes', 'def f() { return 1; }', '2:11+9 type'],
  ['a value of a subroutine that has none', 'def f() {} int a = f();', '2:20+3 type'],
  ['too few arguments', 'def f(int n) -> int { return n; } int a = f();', '2:43+3 arity'],
  ['an argument of another type', 'def f(int n) {} f(1.5);', '2:19+3 type'],
  ['a register for one qubit', 'def f(qubit a) {} qubit[2] q; f(q);', '2:33+1 size'],
  ['a register of another size', 'def f(qubit[3] a) {} qubit[2] q; f(q);', '2:36+1 size'],
  [
    'an array of another type',
    'def f(readonly array[int, #dim = 1] a) {} array[uint, 2] b; f(b);',
    '2:63+1 size',
  ],
  ['a readonly array changed', 'def f(readonly array[int, 2] a) { a[0] = 1; }', '2:35+1 constant'],
  ['jumps outside of loops', 'break; continue; return;', '2:1+6 scope', '2:8+9 scope', '2:18+7 scope'],
  ['a case twice', 'int i; switch (i) { case 1, 2 {} case 2 {} }', '2:39+1 redeclared'],
  ['a case that is not constant', 'int i; switch (i) { case i {} }', '2:26+1 constant'],
  ['registers of two sizes compared', 'bit[2] c; if (c == "011") {}', '2:15+10 size'],
  ['complex numbers in order', 'complex a; bool b = a < a;', '2:21+5 type'],
  ['controls without a number', 'qubit[2] q; int n = 1; ctrl(n) @ x q[0], q[1];', '2:29+1 constant'],
  ['no control at all', 'qubit[2] q; ctrl(0) @ x q[0];', '2:13+9 value'],
  ['qubits for the gate but not for its controls', 'qubit[2] q; ctrl @ x q[0];', '2:20+1 arity'],
  ['too many parameters', 'qubit q; rx(1, 2) q;', '2:10+2 arity'],
  ['registers of two sizes in one gate', 'qubit[2] q; qubit[3] r; cx q, r;', '2:31+1 size'],
  ['qubits into another number of bits', 'qubit[3] q; bit[2] c; c = measure q;', '2:27+9 size'],
  ['a list of another length', 'array[int, 2, 2] m = {{1, 2}, {3}};', '2:31+3 size'],
  ['an array of another shape', 'array[int, 2, 3] m; array[int, 2] r; m[0] = r;', '2:45+1 size'],
  ['arrays inside of a subroutine', 'def f() { array[int, 2] a; }', '2:11+13 scope'],
  ['a register that becomes another width', 'int[32] i; bit[4] b = i[0:4];', '2:23+6 size'],
  ['a slice of run-time width', 'int i; bit[4] b; b[0:i] = "01";', '2:18+6 constant'],
  ['a float that loses its fraction unasked', 'float f; int i = f;', '2:18+1 type'],
  ['an angle times an angle', 'angle[4] a; a = a * a;', '2:17+5 type'],
  ['a register in a sum', 'bit[4] a; int s = a + 1;', '2:19+5 type'],
  ['a constant without a constant value', 'int a; const int b = a;', '2:22+1 constant'],
  ['a change of an input', 'input int n; n = 3;', '2:14+1 constant'],
  ['a change of a constant', 'const int n = 3; n += 1;', '2:18+1 constant'],
  ['a name twice in a scope', 'int a; float a; gate a q {}', '2:14+1 redeclared', '2:22+1 redeclared'],
  ['a gate of the language again', 'gate x q {}', '2:6+1 redeclared'],
  ['a parameter twice', 'gate g(a, a) q {}', '2:11+1 redeclared'],
  ['a name behind its scope', '{ int w; } w = 2;', '2:12+1 undeclared'],
  ['definitions inside of a block', 'if (true) { qubit q; gate g a {} }', '2:13+8 scope', '2:27+1 scope'],
  ['a loop variable behind its loop', 'for int i in [0:1] {} i = 1;', '2:23+1 undeclared'],
  ['a step of zero', 'for int i in [0:0:3] {}', '2:15+5 value'],
  ['a loop over one number', 'for int i in 5 {}', '2:14+1 type'],
  ['a gate that calls an extern', 'extern f() -> float; gate g q { rx(f()) q; }', '2:36+3 scope'],
  ['a value of a stretch', 'stretch g; g = 3ns;', '2:12+1 constant'],
  ['a delay without a unit', 'qubit q; delay[5] q;', '2:16+1 type'],
  ['a value where a qubit belongs', 'int i; x i;', '2:10+1 type'],
  ['a qubit where a value belongs', 'qubit q; int i = q;', '2:18+1 type'],
  ['a gate called as a function', 'qubit q; x(q);', '2:10+1 type'],
];

const REFUSED_2: readonly (readonly [string, string, ...string[]])[] = [
  ['an opaque gate without its parameter', 'opaque o(a) b; qreg q[1]; o q[0];', '2:27+1 arity'],
  ['a condition on a name that is not there', 'qreg q[1]; if (d == 1) x q;', '2:16+1 undeclared'],
  ['a gate without its parameter', 'qreg q[1]; rx q[0];', '2:12+2 arity'],
  ['a gate that is defined twice', 'gate g a {} gate g a {}', '2:18+1 redeclared'],
  ['a function that OpenQASM 2 lacks', 'qreg q[1]; rx(arctan(1)) q[0];', '2:15+6 undeclared'],
];

describe('the checker', () => {
  for (const [rule, program, ...expected] of REFUSED) {
    it(`refuses ${rule}`, () => assert.deepEqual(errorsOf(HEAD + program), expected));
  }
  for (const [rule, program, ...expected] of REFUSED_2) {
    it(`refuses in OpenQASM 2 ${rule}`, () => assert.deepEqual(errorsOf(HEAD_2 + program), expected));
  }

  it('tells nothing that follows from another error', () => {
    const program =
      'int[0] a; a = 1; int b = a + 2; b = c; def f(bit[0] d) { d = 1; } f(a); qubit[x] q; h q[7];';
    assert.deepEqual(errorsOf(HEAD + program), [
      '2:5+1 size',
      '2:37+1 undeclared',
      '2:50+1 size',
      '2:79+1 type',
    ]);
  });

  it('forgets what a first reading as OpenQASM 2 took, where the text turns out to be OpenQASM 3', () => {
    const start = 'include "stdgates.inc";\nqreg q[2];\nnothing q[0];\n';
    assert.deepEqual(errorsOf(`${start}bit b;\nb = measure q[0];`), ['3:1+7 unknown-gate']);
    assert.deepEqual(errorsOf('include "stdgates.inc";\nqreg q[2];\nx q;\nbit b = measure q[0];'), []);
  });

  it('says what was meant', () => {
    const program = 'OPENQASM 3; include "stdgates.inc"; qubit[2] data; swop data[0], data[1]; h dota[0];';
    const result = compile(program);
    assert.deepEqual(result.ok ? [] : result.errors.map(({ suggestion }) => suggestion), [
      "did you mean 'swap'?",
      "did you mean 'data'?",
    ]);
    const missing = compile('OPENQASM 3; qubit q; h q;');
    assert.deepEqual(missing.ok ? [] : missing.errors.map(({ suggestion }) => suggestion), [
      'include "stdgates.inc";',
    ]);
  });

  it('speaks in sentences that name the thing, what was expected and what to do', () => {
    for (const [, program] of REFUSED) {
      const result = compile(HEAD + program);
      for (const { message, expected } of result.ok ? [] : result.errors) {
        assert.match(message, /^\S.*[^.]\.$/);
        assert.ok(expected.length > 2, message);
      }
    }
  });
});
