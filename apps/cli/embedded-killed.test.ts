/** Guarantee: a hub in several processes brings its embedded PostgreSQL up again when that is killed, without any command, and jobs under way go on. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startHubPart, startTestHub } from './test-hub.ts';

/** Runs for a second or two. */
const long = `OPENQASM 3.0;
include "stdgates.inc";
qubit[20] q;
bit[20] c;
for int layer in [0:40] {
  for int k in [0:19] { rx(0.1) q[k]; }
  for int k in [0:18] { cx q[k], q[k + 1]; }
}
c = measure q;
`;

test('killed again and again under jobs: who watches one only waits a little longer, and every job ends', async () => {
  await using hub = await startTestHub(['--role', 'api']);
  await using _worker = await startHubPart(hub, ['--role', 'worker', '--port', '0']);
  await using _scheduler = await startHubPart(hub, ['--role', 'scheduler', '--port', '0']);
  const ada = async (...args: string[]) => {
    const { code, stdout, stderr } = await hub.qhub('ada', args, { input: 'marble otter sings at noon' });
    assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  await ada('signup', '--username', 'ada', '--email', 'ada@example.org');
  const file = join(hub.folder, 'long.qasm');
  writeFileSync(file, long);
  const postmaster = async () => {
    // Of all commands only this one starts nothing.
    const { stdout } = await hub.qhub('host', ['db', 'server', 'status', '--json']);
    return JSON.parse(stdout).pid as number | undefined;
  };
  for (let round = 0; round < 3; round += 1) {
    const submitted = JSON.parse(await ada('run', file, '--shots', '100', '--no-wait', '--json'));
    const watched = ada('jobs', 'watch', submitted.id);
    const pid = await postmaster();
    assert.ok(pid, 'it is up');
    process.kill(pid, 'SIGKILL');
    assert.match(await watched, /is completed/);
    assert.notEqual(await postmaster(), pid);
  }
});
