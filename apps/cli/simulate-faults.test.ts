/** Guarantee: what `qhub simulate` can't run is told at its place, and what is interrupted leaves no process behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { testFolder } from '@quantum-hub/database/testing';
import { bin, plainEnvironment, qhub } from './test-qhub.ts';

const examples = join(import.meta.dirname, '../../examples');
const folder = testFolder();
after(() => folder[Symbol.dispose]());

function programFile(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

const wrong = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\ncy q[0], q[0];\nhh q[0];\nx q[7];\n';

test('every error of a wrong program: a line each, or JSON on standard output', async () => {
  const path = programFile('wrong.qasm', wrong);
  const told = await qhub(['simulate', 'wrong.qasm'], { cwd: folder.path });
  assert.deepEqual({ code: told.code, stdout: told.stdout }, { code: 1, stdout: '' });
  assert.deepEqual(
    told.stderr.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')),
    ['wrong.qasm:4:10 same-qubit', 'wrong.qasm:5:1 unknown-gate', 'wrong.qasm:6:5 index', ''],
  );
  const { code, stdout, stderr } = await qhub(['simulate', path, '--json']);
  assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
  const { errors, ...nothing } = JSON.parse(stdout);
  assert.deepEqual(nothing, {});
  assert.equal(errors.length, 3);
  for (const error of errors) {
    const { suggestion: _, ...always } = error;
    assert.deepEqual(Object.keys(always).sort(), ['code', 'column', 'expected', 'length', 'line', 'message']);
  }
  assert.deepEqual(
    [errors[1].line, errors[1].column, errors[1].length, errors[1].code],
    [5, 1, 2, 'unknown-gate'],
  );
});

test('an error that only a run finds has its place too', async () => {
  const path = programFile(
    'divides.qasm',
    'OPENQASM 3.0;\ninput int[8] by;\nint[8] a = 7;\nint[8] b = a / by;\nqubit q;\n',
  );
  const { code, stderr } = await qhub(['simulate', path, '--input', 'by=0']);
  assert.equal(code, 1);
  assert.match(stderr, /divides\.qasm:4:\d+ value /);
});

test('a Q# program that does not compile is told in the same form', async () => {
  const path = programFile(
    'wrong.qs',
    'operation Main() : Result {\n    use q = Qubit();\n    return Nothing(q);\n}\n',
  );
  const { code, stderr } = await qhub(['simulate', path]);
  assert.equal(code, 1);
  assert.match(stderr, /wrong\.qs:3:12 undeclared /);
});

test('what cannot be read or is no program says why', async () => {
  mkdirSync(join(folder.path, 'folder.qasm'));
  programFile('empty.qasm', '');
  programFile(
    'binary.qasm',
    Uint8Array.from({ length: 300 }, (_, at) => (at * 151) % 256),
  );
  for (const [name, said] of [
    ['missing.qasm', /^qhub: missing\.qasm cannot be read: there is no such file; expected/],
    ['folder.qasm', /^qhub: folder\.qasm cannot be read: it is a folder; expected/],
    ['empty.qasm', /^empty\.qasm:1:1 empty The source holds no program/],
    ['binary.qasm', /^binary\.qasm:1:\d+ encoding The byte 0x\w\w is not UTF-8 text/],
  ] as const) {
    const { code, stdout, stderr } = await qhub(['simulate', name], { cwd: folder.path });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, name);
    assert.match(stderr, said);
  }
  const binary = await qhub(['simulate', '-'], { input: '\u0000\u0001' });
  assert.equal(binary.code, 1);
  assert.match(binary.stderr, /^-:1:1 /);
});

test('a file that may not be read says so', {
  skip: process.getuid?.() === 0 && 'root reads every file',
}, async () => {
  const path = programFile('secret.qasm', 'OPENQASM 3.0;');
  chmodSync(path, 0);
  const { code, stderr } = await qhub(['simulate', path]);
  assert.equal(code, 1);
  assert.match(stderr, /it may not be read/);
});

test('a path is taken from where the person stands, through npx too', async () => {
  const env = { INIT_CWD: examples };
  assert.equal((await qhub(['simulate', 'bell.qasm'], { env })).code, 0);
});

test('a reader that has seen enough is no fault', async () => {
  const outcomes = programFile(
    'many.qasm',
    'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[16] q; bit[16] c; h q; c = measure q;',
  );
  const child = spawn(
    '/bin/sh',
    ['-c', '"$0" "$1" simulate "$2" --shots 200000 --json | head -c 10', process.execPath, bin, outcomes],
    {
      env: plainEnvironment({}),
    },
  );
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.deepEqual({ stdout, stderr }, { stdout: '{"counts":', stderr: '' });
});

/** Hours of work: nobody waits for it. */
const endless = {
  'long.qasm':
    'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[20] q;\nfor int i in [1:100000] { h q; t q; cx q[0:18], q[1:19]; }\n',
  // It never lets its process breathe: only a kill ends it.
  'long.qs':
    'operation Main() : Result {\n    use q = Qubit();\n    mutable n = 0;\n    while n < 2000000000 { set n += 1; }\n    return MResetZ(q);\n}\n',
};

for (const [name, source] of Object.entries(endless)) {
  const skip = process.platform !== 'linux' && 'the sandbox is found in /proc';
  test(`Ctrl-C in the middle of ${name} ends with 130, and its process is gone`, { skip }, async () => {
    const path = programFile(name, source);
    const child = spawn(process.execPath, [bin, 'simulate', path], { env: plainEnvironment({}) });
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const said = text(child.stderr);
    const sandbox = await busyChildOf(child.pid as number);
    child.kill('SIGINT');
    assert.deepEqual(
      { code: await ended, said: await said },
      { code: 130, said: 'qhub: interrupted by SIGINT\n' },
    );
    await gone(sandbox);
  });
}

/** The process below `pid` once it has used the processor for long enough to be at work and not at loading. */
async function busyChildOf(pid: number): Promise<number> {
  for (;;) {
    const [sandbox] = children(pid);
    if (sandbox !== undefined && processorSeconds(sandbox) > 3) return sandbox;
    await new Promise(setImmediate);
  }
}

function children(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** User and system time; the kernel counts in hundredths of a second. */
function processorSeconds(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Waits until the process is no more; a kill is not instant. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(setImmediate);
  }
}
