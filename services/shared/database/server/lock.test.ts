import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeTempDir, startProgram } from './home-fixture.ts';
import { withLock } from './lock.ts';

describe('the lock of a home', () => {
  it('lets one in at a time, within a process too, and leaves its file empty', async (t) => {
    const path = join(makeTempDir(t), 'lock');
    let inside = 0;
    const most: number[] = [];
    const visit = () =>
      withLock(path, { timeoutMs: 20_000 }, async () => {
        most.push(++inside);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 10 }, visit));
    assert.deepEqual(most, Array(10).fill(1));
    assert.equal(statSync(path).size, 0);
  });

  it('is free again when its holder throws, and when its holder is killed with -9', async (t) => {
    const path = join(makeTempDir(t), 'lock');
    await assert.rejects(
      withLock(path, { timeoutMs: 1000 }, () => Promise.reject(new Error('at work'))),
      /at work/,
    );
    const lock = new URL('./lock.ts', import.meta.url).href;
    const program = `const { withLock } = await import('${lock}');
      await withLock('${path}', { timeoutMs: 1000 }, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
    const { child, line } = startProgram(t, [process.execPath, '--input-type=module', '-e', program]);
    await line(/held/);
    let waited = false;
    const next = withLock(
      path,
      { timeoutMs: 20_000, onWait: () => (waited = child.kill('SIGKILL')) },
      async () => 'in',
    );
    await once(child, 'close');
    assert.equal(await next, 'in');
    assert.ok(waited);
  });

  it('that stays held is a clear error after the given time', async (t) => {
    const path = join(makeTempDir(t), 'lock');
    await withLock(path, { timeoutMs: 1000 }, async () => {
      await assert.rejects(
        withLock(path, { timeoutMs: 50 }, async () => 'in'),
        {
          code: 'database.server_locked',
          message: `another command has been starting or stopping the embedded PostgreSQL for 50 ms and holds ${path}; wait for it or end it`,
        },
      );
    });
  });
});
