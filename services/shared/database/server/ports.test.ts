import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { borrowServer, startServer } from './embedded-server.ts';
import { readServerFile, updateServerFile } from './home-files.ts';
import { makeFilledHome } from './home-fixture.ts';
import { DEFAULT_PORT, freePort, portCandidates } from './ports.ts';
import { serverStatus } from './status.ts';

async function occupy(t: TestContext): Promise<number> {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  return (other.address() as { port: number }).port;
}

describe('the port of the embedded server', () => {
  it('asked for and taken: one sentence names it, and nothing is started', async (t) => {
    const home = await makeFilledHome(t);
    const port = await occupy(t);
    await assert.rejects(borrowServer({ home, port }), {
      code: 'database.server_port_busy',
      message: `port ${port} cannot be used for the embedded PostgreSQL: another program uses it; stop what uses it, choose another port with POSTGRES_PORT, or name none to get a free one`,
    });
    assert.equal(serverStatus({ home }).state, 'stopped');
  });

  it('remembered and taken meanwhile: another one is used, told, and remembered', async (t) => {
    const home = await makeFilledHome(t);
    const taken = await occupy(t);
    updateServerFile(home, { port: taken });
    const told: string[] = [];
    const first = await borrowServer({ home, onProgress: (line) => told.push(line) });
    await first.stop();
    assert.notEqual(first.port, taken);
    assert.match(
      told.join('\n'),
      new RegExp(`Port ${taken} is taken by another program: the embedded server uses ${first.port} `),
    );
    // Not by starting again: a test beside this one may have taken the port by then.
    assert.equal(readServerFile(home).port, first.port);
  });

  // What is free on a machine changes while the tests run, so the rule is asked about ports that are said to be taken.
  it('is the remembered one, then 54320, then the next one that is free', async () => {
    const firstOf = async (remembered: number | undefined, ...taken: number[]) =>
      (
        await portCandidates(remembered, async (port) =>
          taken.includes(port) ? 'EADDRINUSE' : undefined,
        ).next()
      ).value;
    assert.equal(await firstOf(undefined), DEFAULT_PORT);
    assert.equal(await firstOf(undefined, DEFAULT_PORT), DEFAULT_PORT + 1);
    assert.equal(await firstOf(60001), 60001);
    assert.equal(await firstOf(60001, 60001), DEFAULT_PORT);
  });

  it('another one than the running server has: both are named', async (t) => {
    const home = await makeFilledHome(t);
    await using server = await startServer({ home });
    const asked = await freePort();
    await assert.rejects(borrowServer({ home, port: asked }), {
      code: 'database.server_port_differs',
      message: new RegExp(`runs on port ${server.port} already, not on port ${asked}`),
    });
  });
});
