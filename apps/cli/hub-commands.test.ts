/**
 * Guarantee: a person with a terminal gets from nothing to a result, and every fault is one clear sentence with the right exit
 * code. All against one hub that runs as it does for people.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { startTestHub, type TestHub } from './test-hub.ts';
import { bin, plainEnvironment, type Run } from './test-qhub.ts';

const examples = join(import.meta.dirname, '../../examples');
const bell = join(examples, 'bell.qasm');
const password = 'seven plain qubits hum';

let hub: TestHub;
/** The administrator's, made on the host. */
let key: string;
const ada = (args: readonly string[], input = '') => hub.qhub('ada', args, { input });
const withKey = (args: readonly string[], secret = key) =>
  hub.qhub('nobody', args, { env: { QHUB_API_KEY: secret } });

before(async () => {
  hub = await startTestHub();
  const signup = ['signup', '--username', 'ada', '--email', 'ada@example.org'];
  const signedUp = await ada(signup, `${password}\n`);
  assert.equal(signedUp.code, 0, signedUp.stderr);
  const made = await hub.qhub('host', ['admin', 'key']);
  assert.equal(made.code, 0, made.stderr);
  key = made.stdout.trim();
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
});

function jsonOf<Value = Record<string, unknown>>({ code, stdout, stderr }: Run): Value {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Value;
}

/** One sentence on standard error, nothing on standard output. */
function refusal({ code, stdout, stderr }: Run, expectedCode = 1): string {
  assert.deepEqual([code, stdout, stderr.split('\n').length], [expectedCode, '', 2], stderr);
  return stderr;
}

type Job = { id: string; status: string };

test('signing up signs in: what is kept is readable by its owner only, and whoami tells who that is', async () => {
  const kept = join(hub.folder, 'people/ada/quantum-hub/credentials.json');
  assert.equal(statSync(kept).mode & 0o777, 0o600);
  assert.equal(readFileSync(kept, 'utf8').includes(password), false);
  const me = jsonOf(await ada(['whoami', '--json']));
  assert.deepEqual([me.url, me.username, me.roles], [hub.url, 'ada', ['consumer']]);
  assert.match(
    (await ada(['whoami'])).stdout,
    /user +ada\n +email +ada@example\.org .*\n +roles +consumer\n/,
  );
});

test('a wrong password is refused with one sentence, which has nothing of it', async () => {
  const run = await hub.qhub('eve', ['login', '--username', 'ada'], { input: 'something else altogether\n' });
  const said = refusal(run);
  assert.match(said, /^qhub: .*\.\n$/);
  assert.equal(said.includes('something else'), false);
});

test('whoever is not signed in is told how to, and nothing is asked of the hub', async () => {
  assert.match(
    refusal(await hub.qhub('new', ['jobs', 'list'])),
    /nobody is signed in to http.*npx qhub login/,
  );
  assert.match(refusal(await withKey(['whoami'], 'qh_live_wrong')), /^qhub: .+\n$/);
});

test('where no hub is, or something else, one sentence names the address', async () => {
  const gone = { QHUB_URL: 'http://127.0.0.1:9', QHUB_API_KEY: key };
  const run = await hub.qhub('new', ['whoami'], { env: gone });
  assert.match(
    refusal(run),
    /^qhub: no hub answers at http:\/\/127\.0\.0\.1:9: .*; is it running, and is this/,
  );

  const other = createServer((_, answer) => answer.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const mistaken = await hub.qhub('new', ['whoami'], { env: { ...gone, QHUB_URL: url } });
  other.close();
  assert.match(refusal(mistaken), new RegExp(`^qhub: what answers at ${url} is no Quantum Hub`));
});

test('run shows the way of the job on standard error and the histogram on standard output', async () => {
  const { code, stdout, stderr } = await ada(['run', bell, '--shots', '100', '--seed', '7']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^local\/statevector, 100 shots, seed 7, outcomes c\[2\]\n {2}(00|11) +\d+ /);
  // Beside other tests it may start late, and then it is said what it waits for.
  assert.match(stderr, /^created\nqueued\n(it waits: .*\n)?running\ncompleted\n$/);
});

test('run of the adder, shows eight sums', async () => {
  const args = ['run', join(examples, 'adder.qasm'), '--device', 'local/statevector', '--shots', '4096'];
  const { code, stdout, stderr } = await ada([...args, '--seed', '1']);
  assert.equal(code, 0, stderr);
  const [head, ...bars] = stdout.trimEnd().split('\n');
  assert.equal(head, 'local/statevector, 4096 shots, seed 1, outcomes sum[4]');
  const sums = bars.map((line) => Number.parseInt(line.trim().split(' ')[0] ?? '', 2));
  assert.deepEqual(
    sums.toSorted((a, b) => a - b),
    [5, 6, 7, 8, 9, 10, 11, 12],
  );
});

test('run --json prints the document of the result and nothing else; inputs are bound by their types', async () => {
  const args = ['run', join(examples, 'adder-inputs.qasm'), '--input', 'first=5', '--input', 'second=6'];
  const run = await ada([...args, '--shots', '10', '--seed', '1', '--json']);
  const document = jsonOf<{ formatVersion: number; counts: object }>(run);
  assert.deepEqual([document.formatVersion, document.counts, run.stderr], [1, { '1011': 10 }, '']);
});

test('a wrong program never becomes a job: every error with its place, exit code 1', async () => {
  const before = jsonOf<{ items: unknown[] }>(await ada(['jobs', 'list', '--json'])).items.length;
  const file = join(hub.folder, 'bad.qasm');
  writeFileSync(file, 'OPENQASM 3.0;\nqubit q;\nfoo q;\nbar q;\n');
  const told = await ada(['run', file]);
  assert.deepEqual([told.code, told.stdout], [1, '']);
  const lines = told.stderr.trimEnd().split('\n');
  assert.ok(lines[0]?.startsWith(`${file}:3:1 unknown-gate `), told.stderr);
  assert.ok(lines[1]?.startsWith(`${file}:4:1 unknown-gate `), told.stderr);

  const json = await ada(['run', file, '--json']);
  const { errors } = JSON.parse(json.stdout) as { errors: { line: number; column: number; code: string }[] };
  assert.deepEqual([json.code, json.stderr, errors.length], [1, '', 2]);
  assert.deepEqual([errors[0]?.line, errors[0]?.column, errors[0]?.code], [3, 1, 'unknown-gate']);
  assert.equal(jsonOf<{ items: unknown[] }>(await ada(['jobs', 'list', '--json'])).items.length, before);
});

test('what the command line can see is wrong by itself is exit code 2', async () => {
  assert.match(
    refusal(await ada(['run', bell, '--shots', 'many']), 2),
    /--shots is "many"; expected a whole/,
  );
  assert.match(refusal(await ada(['run', bell, '--priority', 'now']), 2), /low, normal, high, urgent/);
  assert.match(refusal(await ada(['keys', 'create', 'x', '--days', 'abc']), 2), /--days is "abc"/);
  assert.match(refusal(await ada(['jobs', 'list', '--status', 'done']), 2), /queued, running, completed/);
});

test('a fault that the hub finds in a request is said once, in the words of the command line', async () => {
  const said = refusal(await ada(['run', bell, '--shots', '9999999999']));
  assert.match(said, /^qhub: the request is not as expected: shots: expected at most 1000000000\.\n$/);
});

test('what names nothing is refused with what was typed and where names are, before the hub is asked', async () => {
  for (const command of [['jobs', 'show'], ['jobs', 'watch'], ['results'], ['keys', 'rotate']]) {
    assert.match(
      refusal(await ada([...command, 'nonsense']), 2),
      /is "nonsense"; expected one of `npx qhub /,
    );
  }
  for (const command of [
    ['devices', 'show'],
    ['devices', 'events'],
    ['run', bell, '--device'],
  ]) {
    assert.match(
      refusal(await ada([...command, 'noisy']), 2),
      /is "noisy"; expected platform and name, such as/,
    );
  }
});

test('a job that nobody waits for is watched, shown and listed; its result is written to a file', async () => {
  const { id } = jsonOf<Job>(await ada(['run', bell, '--no-wait', '--name', 'mine', '--json']));
  const watched = await ada(['jobs', 'watch', id]);
  assert.deepEqual([watched.code, watched.stdout], [0, `The job is completed: npx qhub results ${id}\n`]);
  assert.match((await ada(['jobs', 'show', id])).stdout, /name +mine\n +status +completed\n/);
  const list = await ada(['jobs', 'list', '--status', 'completed', '--limit', '1']);
  assert.match(list.stdout, new RegExp(`\\n${id} +completed +local/statevector .* mine\\n`));

  const written = await ada(['results', id, '-o', 'bell.json']);
  const file = join(hub.folder, 'bell.json');
  assert.deepEqual([written.code, written.stdout], [0, `Written to ${file}.\n`]);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).job.id, id);
  assert.match(refusal(await ada(['results', id, '-o', 'none/bell.json'])), /its folder does not exist/);

  assert.match(refusal(await ada(['jobs', 'cancel', id])), /is finished and never changes/);
  const again = jsonOf<Job>(await ada(['jobs', 'retry', id, '--json']));
  assert.notEqual(again.id, id);
  assert.match(
    refusal(await withKey(['jobs', 'show', '01900000-0000-7000-8000-000000000000'])),
    /was not found/,
  );
});

test('an operator switches a device off: a consumer may not; its jobs wait, are cancelled, and it comes back', async () => {
  assert.match(refusal(await ada(['devices', 'disable', 'local/noisy'])), /role operator/);
  const off = await withKey(['devices', 'disable', 'local/noisy']);
  assert.deepEqual([off.code, off.stdout], [0, 'local/noisy is offline.\n'], off.stderr);
  assert.match((await ada(['devices', 'show', 'local/noisy'])).stdout, /status +offline\n/);

  const child = spawn(process.execPath, [bin, 'run', bell, '--device', 'local/noisy', '--json'], {
    env: plainEnvironment(hub.as('ada')),
  });
  const said = text(child.stderr);
  // It waits now for as long as nobody switches the device on: seen in the list, it is interrupted as by Ctrl-C.
  const id = await waitingJob();
  child.kill('SIGINT');
  const code = await new Promise((done) => child.once('close', done));
  const { error } = JSON.parse(await said) as { error: { code: string; job: string } };
  assert.deepEqual([code, error.code, error.job], [130, 'kernel.interrupted', id]);

  const cancelled = await ada(['jobs', 'cancel', id]);
  assert.deepEqual([cancelled.code, cancelled.stdout], [0, `The job ${id} is cancelled.\n`]);
  const watched = await ada(['jobs', 'watch', id]);
  assert.deepEqual([watched.code, watched.stdout], [1, '']);
  assert.match(watched.stderr, new RegExp(`qhub: the job ${id} is cancelled`));
  assert.match((await withKey(['devices', 'enable', 'local/noisy'])).stdout, /is online/);

  assert.match(refusal(await ada(['devices', 'events', 'local/noisy'])), /role operator/);
  const admin = jsonOf<{ id: string }>(await withKey(['whoami', '--json'])).id;
  type Page = { items: { from: string; to: string; actorId: string }[] };
  const { items } = jsonOf<Page>(await withKey(['devices', 'events', 'local/noisy', '--json']));
  const seen = items.map(({ from, to, actorId }) => [from, to, actorId]);
  assert.deepEqual(seen, [
    ['offline', 'online', admin],
    ['online', 'offline', admin],
  ]);
  const first = (await withKey(['devices', 'events', 'local/noisy', '--limit', '1'])).stdout;
  const [, line, more] = first.split('\n');
  assert.match(String(line), new RegExp(`^\\d{4}-\\d\\d-\\d\\d [\\d:]{8} +offline -> online +${admin} `));
  const next = String(more).replace('more: npx qhub ', '').split(' ');
  assert.match((await withKey(next)).stdout, / online -> offline /);
  const none = await withKey(['devices', 'events', 'local/stabilizer']);
  assert.equal(none.stdout, 'Nobody has switched local/stabilizer yet.\n');
});

/** The one job that waits for the device that is off. */
async function waitingJob(): Promise<string> {
  for (;;) {
    const { items } = jsonOf<{ items: Job[] }>(
      await ada(['jobs', 'list', '--device', 'local/noisy', '--status', 'queued', '--json']),
    );
    if (items[0]) return items[0].id;
  }
}

test('devices list is the hub for whoever is signed in, and this machine with --local or for nobody', async () => {
  const signedIn = await ada(['devices', 'list']);
  assert.equal(signedIn.stderr, `Devices of ${hub.url}:\n`);
  assert.match(signedIn.stdout, /^device +status +qubits +running +waiting\n/);
  const local = await ada(['devices', 'list', '--local']);
  assert.equal(local.stderr, 'Simulators of this machine:\n');
  assert.match(local.stdout, /local\/statevector: .*\n +qubits +up to /);
  const nobody = await hub.qhub('new', ['devices', 'list']);
  assert.deepEqual([nobody.stdout, nobody.stderr.includes('nobody is signed in')], [local.stdout, true]);
});

test('a key is shown once, does what its scopes say, is rotated with an overlap, and ends when it is revoked', async () => {
  const args = ['keys', 'create', 'laptop', '--scope', 'execution:read', '--days', '7', '--json'];
  const first = jsonOf<{ id: string; key: string; expiresAt: string }>(await ada(args));
  assert.ok(Math.abs(Date.parse(first.expiresAt) - Date.now() - 7 * 86_400_000) < 600_000, first.expiresAt);
  assert.equal((await withKey(['jobs', 'list'], first.key)).code, 0);
  assert.match(refusal(await withKey(['run', bell], first.key)), /execution:write/);

  const second = jsonOf<{ id: string; key: string }>(
    await ada(['keys', 'rotate', first.id, '--overlap', '600', '--json']),
  );
  for (const { key } of [first, second]) assert.equal((await withKey(['jobs', 'list'], key)).code, 0);
  const listed = (await ada(['keys', 'list'])).stdout;
  assert.ok(listed.includes(second.id) && !listed.includes(second.key), listed);

  assert.match(refusal(await ada(['keys', 'revoke', second.id]), 2), /--yes is missing/);
  assert.equal((await ada(['keys', 'revoke', second.id, '--yes'])).code, 0);
  assert.equal((await withKey(['jobs', 'list'], second.key)).code, 1);
});

test('operators read the outbox of a hub without a mail server; others may not', async () => {
  assert.match((await withKey(['mail'])).stdout, /verify_email, not sent\n/);
  assert.match(refusal(await ada(['mail'])), /may not|scope|role/);
});

test('the host makes a key for a lost one and ends those that others may have', async () => {
  const lost = key;
  const made = jsonOf<{ username: string; key: string; revoked: number }>(
    await hub.qhub('host', ['admin', 'key', '--user', 'admin', '--revoke-others', '--json']),
  );
  assert.equal(made.username, 'admin');
  assert.ok(made.revoked >= 1);
  assert.equal(jsonOf(await withKey(['whoami', '--json'], made.key)).username, 'admin');
  assert.equal((await withKey(['whoami'], lost)).code, 1);
  key = made.key;
  assert.match(refusal(await hub.qhub('host', ['admin', 'key', '--user', 'ada'])), /ada/);
});

test('doctor looks at everything, says what to do, and fails only where something failed', async () => {
  type Found = { name: string; state: string; advice?: string };
  const healthy = await hub.qhub('host', ['doctor', '--json']);
  const { ok, findings } = jsonOf<{ ok: boolean; findings: Found[] }>(healthy);
  const names = 'node install disk hub server provisioning migrations roles clock workers mail backups';
  assert.deepEqual([ok, findings.map(({ name }) => name)], [true, names.split(' ')]);
  for (const { name, state, advice } of findings) assert.equal(advice === undefined, state === 'ok', name);
  const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]));
  assert.deepEqual([states.hub, states.workers, states.mail], ['ok', 'ok', 'warning']);

  const nothing = { QHUB_HOME: join(hub.folder, 'empty'), QHUB_URL: 'http://127.0.0.1:9' };
  const { code, stdout } = await hub.qhub('host', ['doctor'], { env: nothing });
  assert.equal(code, 1);
  assert.match(stdout, /WARNING {2}hub +none answers at .*\n +-> start it/);
  assert.match(stdout, /FAILED {3}server +.*\n +-> start the hub/);
});

test('after logout the session is gone on the hub and here, whatever key is set', async () => {
  const kept = join(hub.folder, 'people/ada/quantum-hub/credentials.json');
  const { hubs } = JSON.parse(readFileSync(kept, 'utf8')) as { hubs: Record<string, { secret: string }> };
  const token = hubs[hub.url]?.secret as string;
  assert.equal((await withKey(['whoami'], token)).code, 0);
  const out = await hub.qhub('ada', ['logout'], { env: { QHUB_API_KEY: key } });
  assert.deepEqual([out.code, out.stdout], [0, `Signed out of ${hub.url}.\n`]);
  assert.equal((await withKey(['whoami'], token)).code, 1);
  assert.match(refusal(await ada(['whoami'])), /nobody is signed in/);
  assert.equal((await withKey(['whoami'])).code, 0);
});
