import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { borrowServer } from './embedded-server.ts';
import { connect, makeFilledHome, serverProgram, startProgram } from './home-fixture.ts';
import { serverStatus } from './status.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;
const skip = hasScript || process.env.CI ? false : 'needs the program `script` (util-linux)';

describe('Ctrl-C in a terminal', () => {
  it('reaches our program and not the server, which works on until we stop it', { skip }, async (t) => {
    const home = await makeFilledHome(t);
    const program = `const home = ${JSON.stringify(home)};
      const { default: pg } = await import('${import.meta.resolve('pg')}');
      const one = await server.borrowServer({ home });
      const client = new pg.Client({ host: one.host, port: one.port, user: one.adminUser, password: one.adminPassword, database: 'postgres' });
      await client.connect();
      process.once('SIGINT', async () => {
        await client.query('insert into drained values (1)');
        await client.query('commit');
        await client.end();
        console.log('drained; stopped ' + (await one.stop()).stopped);
        process.exit(0);
      });
      await client.query('create table if not exists drained (n int)');
      await client.query('begin');
      console.log('working');
      setInterval(() => {}, 1000);`;
    // `script` gives the program a terminal of its own; the byte 3 on its input is what Ctrl-C types.
    const [node = '', ...args] = serverProgram(program);
    const command = [node, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const { child, line } = startProgram(t, [
      'script',
      '--quiet',
      '--return',
      '--command',
      command,
      '/dev/null',
    ]);
    await line(/working/);
    child.stdin?.write('\x03');
    await line(/drained; stopped true/);
    assert.equal(serverStatus({ home }).state, 'stopped');
    await using again = await borrowServer({ home });
    const client = await connect(t, again);
    assert.equal((await client.query('select * from drained')).rowCount, 1);
  });
});
