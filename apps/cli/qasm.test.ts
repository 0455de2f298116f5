/** Guarantee: `qhub qasm` checks, formats, counts and draws OpenQASM programs, and says what it can't. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { testFolder } from '@quantum-hub/database/testing';
import { qhub } from './test-qhub.ts';

const examples = join(import.meta.dirname, '../../examples');
const bell = join(examples, 'bell.qasm');
const folder = testFolder();
after(() => folder[Symbol.dispose]());

function programFile(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}
const untidy = 'OPENQASM 3.0; include "stdgates.inc";\n// kept\nqubit   q;h   q;';

describe('check', () => {
  test('says of a right program what it is', async () => {
    assert.deepEqual(await qhub(['qasm', 'check', 'bell.qasm'], { cwd: examples }), {
      code: 0,
      stdout: 'bell.qasm: right, OpenQASM 3, 2 qubits, 2 bits\n',
      stderr: '',
    });
    const { code, stdout } = await qhub(['qasm', 'check', bell, '--json']);
    assert.deepEqual([code, JSON.parse(stdout)], [0, { errors: [] }]);
  });

  test('tells every error of a wrong one, from standard input too', async () => {
    const input = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncx q[0],q[0];\nnope q[1];\n';
    const told = await qhub(['qasm', 'check', '-'], { input });
    assert.deepEqual({ code: told.code, stdout: told.stdout }, { code: 1, stdout: '' });
    assert.match(told.stderr, /^-:4:\d+ same-qubit .*\n-:5:1 unknown-gate .*\n$/);
    const { code, stdout, stderr } = await qhub(['qasm', 'check', '-', '--json'], { input });
    assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
    assert.deepEqual(
      JSON.parse(stdout).errors.map(({ line, code: which }: Record<string, unknown>) => [line, which]),
      [
        [4, 'same-qubit'],
        [5, 'unknown-gate'],
      ],
    );
  });

  test('a Q# program is a wrong call', async () => {
    const { code, stderr } = await qhub(['qasm', 'check', 'ghz.qs'], { cwd: examples });
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'qhub: ghz.qs is a Q# program; expected an OpenQASM one; see `npx qhub qasm --help`\n',
    );
  });
});

describe('format', () => {
  test('prints the program in canonical form, comments kept', async () => {
    const { code, stdout } = await qhub(['qasm', 'format', programFile('untidy.qasm', untidy)]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^OPENQASM 3\.0;\n[\s\S]*include "stdgates\.inc";\n[\s\S]*\/\/ kept\n[\s\S]*qubit q;\nh q;\n$/,
    );
    const again = await qhub(['qasm', 'format', '-'], { input: stdout });
    assert.equal(again.stdout, stdout);
    const asJson = await qhub(['qasm', 'format', '-', '--json'], { input: untidy });
    assert.deepEqual(JSON.parse(asJson.stdout), { text: stdout });
  });

  test('--check tells whether it would change, --write changes it once', async () => {
    const path = programFile('written.qasm', untidy);
    const name = ['written.qasm'];
    const at = { cwd: folder.path };
    const before = await qhub(['qasm', 'format', '--check', ...name], at);
    assert.deepEqual([before.code, before.stdout], [1, 'written.qasm: not formatted\n']);
    assert.equal(readFileSync(path, 'utf8'), untidy);
    assert.equal((await qhub(['qasm', 'format', '--write', ...name], at)).stdout, 'written.qasm: written\n');
    assert.equal(
      (await qhub(['qasm', 'format', '--write', ...name], at)).stdout,
      'written.qasm: unchanged\n',
    );
    const afterwards = await qhub(['qasm', 'format', '--check', ...name, '--json'], at);
    assert.deepEqual([afterwards.code, JSON.parse(afterwards.stdout)], [0, { formatted: true }]);
  });

  test('a wrong program is left as it is, and calls that contradict themselves are refused', async () => {
    const path = programFile('wrong.qasm', 'OPENQASM 3.0;\nqubit q\nh q;');
    const { code, stderr } = await qhub(['qasm', 'format', '--write', path]);
    assert.equal(code, 1);
    assert.match(stderr, /wrong\.qasm:2:\d+ syntax /);
    assert.equal(readFileSync(path, 'utf8'), 'OPENQASM 3.0;\nqubit q\nh q;');
    for (const [args, said] of [
      [['-', '--write'], /--write needs a file/],
      [[path, '--write', '--check'], /--write and --check exclude each other/],
    ] as const) {
      const run = await qhub(['qasm', 'format', ...args]);
      assert.equal(run.code, 2);
      assert.match(run.stderr, said);
    }
  });
});

describe('stats', () => {
  test('counts what runs, with the inputs given', async () => {
    const args = ['qasm', 'stats', 'adder-inputs.qasm', '--input', 'first=1', '--input', 'second=2'];
    const { code, stdout } = await qhub(args, { cwd: examples });
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}qubits +8, 8 of them used\n {2}gates +21\n {4}by name +cx 13, ccx 6, x 2\n/);
    const numbers = JSON.parse((await qhub([...args, '--json'], { cwd: examples })).stdout);
    assert.deepEqual(
      [numbers.qubits, numbers.gates, numbers.gatesByName, numbers.measurements],
      [8, 21, { cx: 13, ccx: 6, x: 2 }, 4],
    );
  });

  test('tells the least of what depends on outcomes, and asks for inputs that are missing', async () => {
    const teleport = await qhub(['qasm', 'stats', 'teleport.qasm'], { cwd: examples });
    assert.match(teleport.stdout, /gates +at least 5\n/);
    const missing = await qhub(['qasm', 'stats', 'rotation.qasm'], { cwd: examples });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /theta is missing\. \(expected float\[64\]; inputs are given with --input/);
  });
});

describe('draw', () => {
  test('as text, in letters of every terminal, and as SVG', async () => {
    const drawn = await qhub(['qasm', 'draw', bell]);
    assert.equal(drawn.code, 0);
    assert.match(drawn.stdout, /q\[0\].*┤ H ├/);
    const ascii = await qhub(['qasm', 'draw', bell, '--ascii']);
    assert.match(ascii.stdout, /H/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
    assert.match(ascii.stdout, /^[\x00-\x7f]*$/);
    const svg = await qhub(['qasm', 'draw', bell, '--svg']);
    assert.match(svg.stdout, /^<svg [\s\S]*<\/svg>\n$/);
    const asJson = await qhub(['qasm', 'draw', bell, '--svg', '--json']);
    assert.equal(`${JSON.parse(asJson.stdout).svg.trimEnd()}\n`, svg.stdout);
  });

  test('a wrong program is told', async () => {
    const { code, stderr } = await qhub(['qasm', 'draw', '-'], { input: 'OPENQASM 3.0;\nqubit q;\nh q;' });
    assert.equal(code, 1);
    assert.match(stderr, /^-:3:1 unknown-gate /);
  });
});
