/** Guarantee: `qhub devices` tells what the simulators are, and judges them by the suite. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuiteResult } from '@quantum-hub/devices';
import { verificationText } from './commands/programs/verification-text.ts';
import { qhub } from './test-qhub.ts';

test('list: names and limits, and the whole profiles as JSON', async () => {
  const { code, stdout } = await qhub(['devices', 'list']);
  assert.equal(code, 0);
  const names = ['local/statevector', 'local/stabilizer', 'local/qsharp', 'local/noisy'];
  for (const name of names) assert.match(stdout, new RegExp(`^${name}: `, 'm'));
  const profiles = JSON.parse((await qhub(['devices', 'list', '--json'])).stdout);
  assert.deepEqual(
    profiles.map(({ name }: { name: string }) => name),
    names,
  );
  assert.match(profiles[3].noise.note, /^made up/);
});

test('verify: a line a group, one example of what is refused, and a summary', async () => {
  const { code, stdout, stderr } = await qhub(['devices', 'verify', 'local/stabilizer']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^ {2}openqasm3 +\d+ right, \d+ refused, as openqasm3\/\S+: \d+:\d+ unsupported .*\n/);
  assert.match(stdout, /\nlocal\/stabilizer: \d+ cases right, \d+ refused, 0 wrong\.\n/);
  assert.ok(stdout.split('\n').length < 12, stdout);
});

test('verify: as JSON every case, and a name that is none is a wrong call', async () => {
  const { code, stdout } = await qhub(['devices', 'verify', 'local/qsharp', '--json']);
  const { ok, device, results } = JSON.parse(stdout);
  assert.deepEqual({ code, ok, device }, { code: 0, ok: true, device: 'local/qsharp' });
  assert.ok(results.length > 3);
  assert.equal(results[0].verdict.outcome, 'right');
  const unknown = await qhub(['devices', 'verify', 'local/nothing']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /the device is "local\/nothing"; expected one of local\/statevector, /);
});

test('what is wrong is listed, up to twenty', () => {
  const wrong = (at: number): SuiteResult => ({
    name: `mirror/${at}`,
    verdict: { outcome: 'wrong', why: 'lost' },
    milliseconds: 1,
  });
  const right: SuiteResult = { name: 'random/0', verdict: { outcome: 'right' }, milliseconds: 1 };
  assert.equal(
    verificationText('mine', [wrong(1), right]),
    '  mirror  1 wrong\n  random  1 right\n  wrong: mirror/1: lost\nmine: 1 case right, 0 refused, 1 wrong.',
  );
  const many = verificationText(
    'mine',
    Array.from({ length: 25 }, (_, at) => wrong(at)),
  );
  assert.match(many, /wrong: mirror\/19: lost\n {2}and 5 more; --json prints them all\nmine: 0 cases right/);
});
