import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { borrowServer, startServer, stopServer } from './embedded-server.ts';
import { makeFilledHome, makeHome, serverProgram, startProgram } from './home-fixture.ts';
import { serverStatus } from './status.ts';

describe('the life of an embedded server', () => {
  it('a borrowed server is shared, and the last user out stops it', async (t) => {
    const home = await makeFilledHome(t);
    const first = await borrowServer({ home, purpose: 'first' });
    const second = await borrowServer({ home, purpose: 'second' });
    assert.deepEqual([first.startedHere, second.startedHere, second.port], [true, false, first.port]);
    assert.deepEqual(
      serverStatus({ home })
        .users.map(({ purpose }) => purpose)
        .sort(),
      ['first', 'second'],
    );
    assert.deepEqual(await first.stop(), { stopped: false });
    assert.equal(serverStatus({ home }).state, 'running');
    assert.deepEqual(await second.stop(), { stopped: true });
    assert.deepEqual(await second.stop(), { stopped: false }, 'a second stop of the same use does nothing');
    assert.equal(serverStatus({ home }).state, 'stopped');
  });

  it('a server that was started to stay is not stopped by borrowers, and ends by an explicit stop only', async (t) => {
    const home = await makeFilledHome(t);
    await startServer({ home });
    await using borrowed = await borrowServer({ home, purpose: 'a long import' });
    assert.equal(borrowed.startedHere, false);
    await (await borrowServer({ home })).stop();
    assert.equal(serverStatus({ home }).kept, true);
    const { stopped, users } = await stopServer({ home });
    assert.deepEqual([stopped, users.map(({ purpose }) => purpose)], [true, ['a long import']]);
    assert.deepEqual(await stopServer({ home }), { stopped: false, users: [] });
  });

  it('a borrowed server that is then started to stay, stays', async (t) => {
    const home = await makeFilledHome(t);
    const borrowed = await borrowServer({ home });
    const started = await startServer({ home });
    assert.deepEqual(await borrowed.stop(), { stopped: false });
    assert.deepEqual(
      await started.stop(),
      { stopped: false },
      'it was up before, so this start does not take it down',
    );
    assert.equal(serverStatus({ home }).state, 'running');
  });

  it('who started a server and takes that back leaves it to those who still use it', async (t) => {
    const home = await makeFilledHome(t);
    const started = await startServer({ home });
    const borrowed = await borrowServer({ home });
    assert.deepEqual(await started.stop(), { stopped: false });
    assert.deepEqual(await borrowed.stop(), { stopped: true });
  });

  it('outlives the kill -9 of the process that started it; the next one adopts it and ignores the dead one as a user', async (t) => {
    const home = await makeFilledHome(t);
    const program = `await server.borrowServer({ home: ${JSON.stringify(home)} }); console.log('up'); setInterval(() => {}, 1000);`;
    const { child, line } = startProgram(t, serverProgram(program));
    await line(/up/);
    const { pid } = serverStatus({ home });
    child.kill('SIGKILL');
    await once(child, 'close');
    const adopted = await borrowServer({ home });
    assert.deepEqual([adopted.startedHere, serverStatus({ home }).pid], [false, pid]);
    assert.equal(serverStatus({ home }).users.length, 1);
    assert.deepEqual(await adopted.stop(), { stopped: true });
  });

  it('of five processes that start at once exactly one starts it, and all use the same', async (t) => {
    const home = await makeFilledHome(t);
    const program = `const one = await server.borrowServer({ home: ${JSON.stringify(home)} });
      console.log('port', one.port, one.startedHere);
      process.stdin.once('data', async () => { console.log('stopped', (await one.stop()).stopped); process.stdin.unref(); });`;
    const programs = Array.from({ length: 5 }, () => startProgram(t, serverProgram(program)));
    const answers = await Promise.all(programs.map(({ line }) => line(/port (\d+) (\w+)/)));
    assert.equal(new Set(answers.map(([, port]) => port)).size, 1);
    assert.deepEqual(answers.filter(([, , startedHere]) => startedHere === 'true').length, 1);
    for (const { child } of programs) child.stdin?.write('go\n');
    const ends = await Promise.all(programs.map(({ line }) => line(/stopped (\w+)/)));
    assert.equal(
      ends.filter(([, stopped]) => stopped === 'true').length,
      1,
      'only the last one out stops it',
    );
    assert.equal(serverStatus({ home }).state, 'stopped');
  });

  it('a server that somebody started by hand on the same data is used and left running', async (t) => {
    const home = await makeFilledHome(t);
    const byHand = await startServer({ home, extraSettings: { cluster_name: 'by-hand' } });
    await byHand[Symbol.asyncDispose]();
    await startServer({ home, extraSettings: { cluster_name: 'by-hand' } });
    writeFileSync(join(home, 'server.json'), JSON.stringify({ initialised: true, kept: false }));
    const borrowed = await borrowServer({ home });
    assert.deepEqual(await borrowed.stop(), { stopped: false });
    assert.equal(serverStatus({ home }).state, 'running');
  });

  it('printing a server does not print its password', async (t) => {
    await using server = await borrowServer({ home: await makeFilledHome(t) });
    assert.ok(!inspect(server, { showHidden: true }).includes(server.adminPassword));
    assert.ok(!JSON.stringify(server).includes(server.adminPassword));
  });

  it('status of a home that never was says so and makes nothing', async (t) => {
    const home = makeHome(t);
    assert.equal(serverStatus({ home }).state, 'absent');
    mkdirSync(home);
    assert.equal(serverStatus({ home }).state, 'absent');
    assert.deepEqual(readdirSync(home), []);
  });
});
