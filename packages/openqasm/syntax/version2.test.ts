import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { places } from './test-errors.ts';
import { treeOf } from './test-trees.ts';

/** Statements of OpenQASM 2 and what they are in OpenQASM 3. */
const TRANSLATIONS: readonly (readonly [string, string])[] = [
  ['qreg q[2];', 'qubit[2] q;'],
  ['creg c[2];', 'bit[2] c;'],
  ['measure q[0] -> c[0];', 'c[0] = measure q[0];'],
  ['if (c == 2) reset q[0];', 'if (c == 2) {\n  reset q[0];\n}'],
  ['U(pi/2, 0, -pi) q[0];', 'U(pi / 2, 0, -pi) q[0];'],
  [
    'gate g(a) b { U(a, 1/2, ln(2)) b; barrier b; }',
    'gate g(a) b {\n  U(a, 1.0 / 2, log(2)) b;\n  barrier b;\n}',
  ],
  ['rx(asin(1) + acos(0) - atan(1)) q[0];', 'rx(arcsin(1) + arccos(0) - arctan(1)) q[0];'],
  ['rx(2^-1^a) q[0];', 'rx(2**-1**a) q[0];'],
  ['rx(-2^2) q[0];', 'rx(-2.0**2) q[0];'],
  ['rx((1+2)/3) q[0];', 'rx((1.0 + 2) / 3) q[0];'],
  ['qreg in[1]; h in[0];', 'qubit[1] in_;\nh in_[0];'],
  ['gate box a { } box q[0];', 'gate box a {}\nbox_ q[0];'.replace('gate box', 'gate box_')],
  ['opaque magic(a) b, c;', 'pragma opaque magic(a) b, c'],
  ['barrier q, r[1];;', 'barrier q, r[1];'],
];

test('each statement of OpenQASM 2 has its OpenQASM 3', () => {
  for (const [old, modern] of TRANSLATIONS) {
    assert.equal(print(treeOf(`OPENQASM 2.0;\n${old}`)), `OPENQASM 3.0;\n${modern}\n`, old);
  }
});

test('the gate file becomes the standard one where it has all gates that are used', () => {
  const head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\n';
  assert.match(
    print(treeOf(`${head}u3(1,2,3) q[0]; CX q[0], q[1];`)),
    /stdgates.inc[\s\S]*CX q\[0\], q\[1\];/,
  );
  assert.match(print(treeOf(`${head}rzz(1) q[0], q[1];`)), /qelib1\.inc/);
  assert.match(print(treeOf(`${head}gate phase(a) b { } h q[0];`)), /qelib1\.inc/);
});

test('the built-in CX is a controlled U where no file has it', () => {
  const text = print(
    treeOf('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nCX q[0], q[1]; rzz(1) q[0], q[1];'),
  );
  const controlled = /^ctrl @ U\(pi, -pi \/ 2, pi \/ 2\) q\[0\], q\[1\];$/m;
  assert.match(text, controlled);
  assert.match(print(treeOf('OPENQASM 2.0;\nqreg q[2];\nCX q[0], q[1];')), controlled);
  const library = print(treeOf('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nCX q[0], q[1];'));
  assert.match(library, /^CX q\[0\], q\[1\];$/m);
});

test('what only OpenQASM 3 has is one error that says so', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['qubit[2] q;', '2:1+5 version'],
    ['bit c;', '2:1+3 version'],
    ['c = measure q;', '2:3+1 version'],
    ['if (c[0] == 1) x q[0];', '2:6+1 version'],
    ['if (c == 1) { x q[0]; }', '2:13+1 version'],
    ['for int i in [0:1] { h q[i] }', '2:1+3 version'],
    ['ctrl @ x q[0], q[1];\nlet a = q;', '2:1+4 version'],
    ['#pragma a', '2:1+9 version'],
    ['measure q;', '2:10+1 syntax'],
    ['qreg q;', '2:7+1 syntax'],
    ['qreg[2] q;', '2:5+1 syntax'],
    ['h q[0:1];', '2:6+1 syntax'],
    ['if (c == 1) qreg r[2];', '2:13+10 scope'],
    ['if (c = 1) x q[0];', '2:7+1 syntax'],
  ];
  for (const [statement, place] of cases) {
    assert.deepEqual(places(`OPENQASM 2.0;\n${statement}`), [place], statement);
  }
  assert.match(parse('OPENQASM 2.0;\nqubit q;').errors[0]?.suggestion ?? '', /OPENQASM 3\.0;/);
});

test('a text without version is OpenQASM 2 if it has its registers and is one', () => {
  const version = (source: string) => parse(source).tree.version.major;
  assert.equal(version('qreg q[1]; U(0,0,0) q[0];'), 2);
  assert.equal(version('qreg q[1]; creg c[1]; c = measure q;'), 3);
  assert.equal(version('qubit q; x q;'), 3);
  assert.equal(parse('qreg q[1];').tree.versionGiven, false);
});
