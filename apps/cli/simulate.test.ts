/** Guarantee: `qhub simulate` runs what a person has, on a machine with nothing but the checkout, and says what it ran. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { testFolder } from '@quantum-hub/database/testing';
import { qhub } from './test-qhub.ts';

const examples = join(import.meta.dirname, '../../examples');
const bell = join(examples, 'bell.qasm');
const rotation = join(examples, 'rotation.qasm');
const folder = testFolder();
after(() => folder[Symbol.dispose]());

const head = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
function programFile(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}
async function json(...args: string[]) {
  const { code, stdout, stderr } = await qhub(['simulate', ...args, '--json']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, args.join(' '));
  return JSON.parse(stdout);
}

describe('results', () => {
  test('as JSON: the counts, what they are of, and where they come from', async () => {
    const result = await json(bell, '--shots', '4096', '--seed', '7');
    const { counts, ...rest } = result;
    assert.deepEqual(rest, {
      registers: [{ name: 'c', size: 2 }],
      shots: 4096,
      seed: 7,
      device: 'local/statevector',
      programHash: createHash('sha256').update(readFileSync(bell)).digest('hex'),
      deviceVersion: '2',
    });
    assert.deepEqual(Object.keys(counts).sort(), ['00', '11']);
    assert.equal(counts['00'] + counts['11'], 4096);
    assert.deepEqual((await json(bell, '--shots', '4096', '--seed', '7')).counts, counts);
    assert.notDeepEqual((await json(bell, '--shots', '4096', '--seed', '8')).counts, counts);
  });

  test('as text: device, shots, seed and registers, then a histogram', async () => {
    const { code, stdout, stderr } = await qhub(['simulate', bell, '--seed', '2']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(
      stdout,
      /^local\/statevector, 1024 shots, seed 2, outcomes c\[2\]\n {2}(00|11) {2}5\d\d {2}5\d\.\d\d% {2}█+.*\n {2}(00|11) /,
    );
  });

  test('a seed that nobody gave is told, and gives the same counts again', async () => {
    const first = await json(bell);
    assert.ok(Number.isSafeInteger(first.seed));
    assert.deepEqual(await json(bell, '--seed', String(first.seed)), first);
  });

  test('a program from standard input has the hash of its bytes, a byte order mark among them', async () => {
    const text = `\uFEFF${readFileSync(bell, 'utf8')}`;
    const { code, stdout } = await qhub(['simulate', '-', '--json'], { input: text });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).programHash, createHash('sha256').update(text).digest('hex'));
  });

  test('registers stand from the last declared to the first, and many of them are counted', async () => {
    const two = programFile('two.qasm', `${head}qubit q; bit a; bit[2] b; x q; a = measure q;`);
    const told = await qhub(['simulate', two, '--seed', '1']);
    assert.match(told.stdout, /outcomes b\[2\] a\[1\]\n {2}00 1 {2}1024 100\.00%/);
    const names = Array.from({ length: 40 }, (_, at) => `bit[3] reg${at};`).join('\n');
    const many = await qhub(['simulate', programFile('many.qasm', `${head}qubit q;\n${names}`)]);
    assert.match(many.stdout, /, outcomes of 40 registers\n/);
  });

  test('without registers the only outcome has no bits', async () => {
    assert.deepEqual((await json(rotation, '--input', 'theta=0.5')).counts, { '': 1024 });
  });
});

describe('inputs', () => {
  test('each type takes its values, and bits need no quotes', async () => {
    const types = programFile(
      'types.qasm',
      `${head}input bool flag; input int[8] number; input uint[3] size; input float theta; input bit[4] key;
       qubit[4] q; bit[4] c; bit[3] s; bit f;
       for int i in [0:3] { if (key[i] == 1) x q[i]; }
       c = measure q; reset q;
       for int i in [0:2] { if (size[i] == 1) x q[i]; }
       s = measure q[0:2]; reset q;
       if (flag && number == -5 && theta == 0.25) x q[0];
       f = measure q[0];`,
    );
    const given = ['flag=true', 'number=-5', 'size=6', 'theta=0.25', 'key=0110'];
    const { counts } = await json(types, ...given.flatMap((pair) => ['--input', pair]));
    assert.deepEqual(counts, { '1 110 0110': 1024 });
    const wrong = ['flag=2', 'number=1000', 'size=8', 'theta=wide', 'key=012'];
    const refused = await qhub(['simulate', types, ...wrong.flatMap((pair) => ['--input', pair]), '--json']);
    assert.equal(refused.code, 1);
    const { errors } = JSON.parse(refused.stdout);
    assert.deepEqual(
      errors.map(({ code }: { code: string }) => code),
      Array.from({ length: 5 }, () => 'input'),
    );
  });

  test('one that is missing or unknown is told with how it is given', async () => {
    const missing = await qhub(['simulate', rotation]);
    assert.deepEqual(missing, {
      code: 1,
      stdout: '',
      stderr: `${rotation}:5:1 input The input theta is missing. (expected float[64]; inputs are given with --input name=value)\n`,
    });
    const unknown = await qhub(['simulate', rotation, '--input', 'theta=1', '--input', 'phi=1']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /has no input phi/);
  });

  test('one that is no pair, or given twice, is a wrong call', async () => {
    for (const [given, said] of [
      [['theta'], /--input is "theta"; expected name=value/],
      [['theta=1', 'theta=2'], /--input theta is given twice; expected once/],
    ] as const) {
      const run = await qhub(['simulate', rotation, ...given.flatMap((pair) => ['--input', pair])]);
      assert.equal(run.code, 2);
      assert.match(run.stderr, said);
    }
  });
});

describe('observables', () => {
  const observables = ['--input', 'theta=0.5', '--observable', 'Z0', '--observable', '0.5*X0 - Y0'];

  test('are exact without shots', async () => {
    const { values, counts, device } = await json(rotation, ...observables);
    assert.deepEqual({ counts, device }, { counts: undefined, device: 'local/statevector' });
    assert.deepEqual(
      values.map(({ observable, standardError }: Record<string, unknown>) => [observable, standardError]),
      [
        ['Z0', 0],
        ['0.5*X0 - Y0', 0],
      ],
    );
    assert.ok(Math.abs(values[0].value - Math.cos(0.5)) < 1e-12);
    assert.ok(Math.abs(values[1].value - Math.sin(0.5) / 2) < 1e-12);
    const { stdout } = await qhub(['simulate', rotation, ...observables]);
    assert.equal(stdout, 'local/statevector, exact\n  Z0             0.877583\n  0.5*X0 - Y0    0.239713\n');
  });

  test('have a standard error with shots', async () => {
    const { values, shots } = await json(rotation, ...observables, '--shots', '10000', '--seed', '1');
    assert.equal(shots, 10_000);
    for (const [at, exact] of [Math.cos(0.5), Math.sin(0.5) / 2].entries()) {
      const { value, standardError } = values[at];
      assert.ok(
        standardError > 0 && Math.abs(value - exact) < 5 * standardError,
        `${value} ± ${standardError}`,
      );
    }
    const { stdout } = await qhub(['simulate', rotation, ...observables, '--shots', '100', '--seed', '3']);
    assert.match(stdout, /^local\/statevector, 100 shots a term, seed 3\n {2}Z0 +0\.\d{6} ± 0\.\d{6}\n/);
  });

  test('that are none, or of qubits that are not there, are refused', async () => {
    const none = await qhub(['simulate', rotation, '--input', 'theta=1', '--observable', 'foo']);
    assert.deepEqual({ code: none.code, stdout: none.stdout }, { code: 1, stdout: '' });
    assert.match(none.stderr, /^qhub: the observable "foo" cannot be read: .*expected a sum of Pauli terms/);
    const far = await qhub(['simulate', rotation, '--input', 'theta=1', '--observable', 'Z7']);
    assert.equal(far.code, 1);
    assert.match(far.stderr, /index the observable "Z7" names qubit 7, and the last one is 0/);
  });
});

describe('devices', () => {
  test('each of them runs what it is made for', async () => {
    assert.equal((await json(bell, '--device', 'local/stabilizer')).device, 'local/stabilizer');
    const noisy = await json(bell, '--device', 'local/noisy', '--shots', '10000', '--seed', '1');
    assert.deepEqual(Object.keys(noisy.counts).sort(), ['00', '01', '10', '11']);
    const ghz = await json(join(examples, 'ghz.qs'), '--seed', '1');
    assert.equal(ghz.device, 'local/qsharp');
    assert.deepEqual(Object.keys(ghz.counts).sort(), ['000', '111']);
    const input = readFileSync(join(examples, 'ghz.qs'), 'utf8');
    const piped = await qhub(['simulate', '-', '--device', 'local/qsharp', '--seed', '1', '--json'], {
      input,
    });
    assert.deepEqual(JSON.parse(piped.stdout), ghz);
  });

  test('a program that a device does not run says which would, and a name that is none says the names', async () => {
    for (const [args, code, said] of [
      [[bell, '--device', 'local/qsharp'], 1, /local\/qsharp does not run openqasm; it runs qsharp/],
      [[bell, '--device', 'nope'], 2, /--device is "nope"; expected one of local\/statevector, /],
      [[bell, '--shots', '0'], 2, /--shots is "0"; expected a whole number from 1; see/],
      [[bell, '--shots', '2000000'], 1, /2000000 shots cannot be run on local\/statevector; expected/],
      [[bell, '--seed', '1.5'], 2, /--seed is "1.5"; expected a whole number from 0/],
      [[bell, '--resources'], 2, /--resources is for Q# programs/],
      [[join(examples, 'ghz.qs'), '--resources', '--shots', '5'], 2, /--resources runs nothing/],
      [[join(examples, 'ghz.qs'), '--input', 'a=1'], 2, /--input is for OpenQASM programs/],
      [[], 2, /missing required argument 'file'/],
    ] as const) {
      const run = await qhub(['simulate', ...args]);
      assert.deepEqual({ code: run.code, stdout: run.stdout }, { code, stdout: '' }, args.join(' '));
      assert.match(run.stderr, said);
    }
  });

  test('a wide Clifford program goes to the tableau, others up to 26 qubits to the state vector', async () => {
    const wide = (gates: string) =>
      `${head}qubit[1000] q; bit[2] c;\n${gates}\nc[0] = measure q[0]; c[1] = measure q[999];`;
    const ghz = programFile('ghz.qasm', wide('h q[0]; for int i in [0:998] { cx q[i], q[i + 1]; }'));
    const result = await json(ghz, '--seed', '1');
    assert.equal(result.device, 'local/stabilizer');
    assert.deepEqual(Object.keys(result.counts).sort(), ['00', '11']);
    const clifford = programFile('clifford.qasm', `${head}qubit[18] q; bit c; h q[0]; c = measure q[0];`);
    assert.equal((await json(clifford)).device, 'local/stabilizer');
    // More shots than the tableau takes.
    assert.equal((await json(clifford, '--shots', '200000')).device, 'local/statevector');
  });

  test('a program that no simulator runs is told once, with the gate that is too much', async () => {
    const source = `${head}qubit[40] q;\nbit c;\nh q[0];\nc = measure q[0];\nif (c) {\n  t q[1];\n}\n`;
    const { code, stderr } = await qhub(['simulate', programFile('t.qasm', source)]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /t\.qasm:8:3 limit No simulator of this machine runs the program: it needs 40 qubits, local\/statevector has \d+, and local\/stabilizer takes Clifford gates only, which t is not\./,
    );
    const huge = await qhub(['simulate', programFile('huge.qasm', `${head}qubit[10001] q;`)]);
    assert.equal(huge.code, 1);
    assert.match(huge.stderr, /huge\.qasm:3:1 limit .* limit of 10000\. \(expected at most 10000 qubits\)/);
  });

  test('an estimate of resources is a few lines, and as JSON the whole', async () => {
    const { code, stdout } = await qhub(['simulate', join(examples, 'ghz.qs'), '--resources']);
    assert.equal(code, 0);
    assert.match(stdout, /\n {2}physical qubits {2}\d+\n {2}run time +\S.*\n/);
    assert.ok(stdout.split('\n').length < 12);
    const { estimate, device } = await json(join(examples, 'ghz.qs'), '--resources');
    assert.equal(device, 'local/qsharp');
    assert.equal(estimate[0].status, 'success');
  });
});
