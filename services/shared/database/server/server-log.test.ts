import assert from 'node:assert/strict';
import { closeSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { borrowServer } from './embedded-server.ts';
import { connect, makeFilledHome, makeTempDir } from './home-fixture.ts';
import { explainFailure, openLog, readLog } from './server-log.ts';

describe('the server’s log', () => {
  it('carries no value of any statement: neither of a failed, a slow nor a prepared one', async (t) => {
    const home = await makeFilledHome(t);
    await using server = await borrowServer({ home });
    const client = await connect(t, server);
    await client.query('create table people (email text unique, age int check (age > 0))');
    await client.query('insert into people values ($1, 1)', ['secret@example.org']);
    await assert.rejects(client.query('insert into people values ($1, 1)', ['secret@example.org']));
    await assert.rejects(client.query(`insert into people values ('secret2@example.org', -1)`));
    await assert.rejects(client.query(`select 'secret3'::uuid`));
    await assert.rejects(client.query(`select 1 from nowhere where x = 'secret4'`));
    await server.stop();
    const log = readFileSync(join(home, 'server.log'), 'utf8');
    assert.match(log, /ready to accept connections/);
    assert.doesNotMatch(log, /secret/);
  });

  it('of more than 10 MB makes room at a start, and only one old one is kept', (t) => {
    const path = join(makeTempDir(t), 'server.log');
    for (const text of ['first', 'second']) {
      writeFileSync(path, text);
      truncateSync(path, 10 * 1024 * 1024 + 1);
      const { file, offset } = openLog(path);
      closeSync(file);
      assert.equal(statSync(path).size, offset);
      assert.ok(readFileSync(`${path}.1`, 'utf8').startsWith(text));
    }
    assert.ok(!existsSync(`${path}.2`));
    assert.match(readLog(path), /Quantum Hub starts PostgreSQL/);
  });

  it('is read from its end only, so that a long one costs little', (t) => {
    const path = join(makeTempDir(t), 'server.log');
    writeFileSync(path, `${'x'.repeat(1024 * 1024)}the end`);
    assert.equal(readLog(path).length, 64 * 1024);
    assert.match(readLog(path), /the end$/);
    assert.equal(readLog(`${path}.none`), '');
  });
});

describe('the reason of a failure', () => {
  const facts = { dataDir: '/data', port: 54320, logFile: '/home/server.log' };

  it('is the cause and not what it brought about', () => {
    for (const failed of ['bind', 'listen on']) {
      const log = `2026-11-22 17:54:03.613 UTC [3461] LOG:  could not ${failed} IPv4 address "127.0.0.1": Address already in use
2026-11-22 17:54:03.613 UTC [3461] FATAL:  could not create any TCP/IP sockets`;
      assert.equal(explainFailure(log, facts).code, 'database.server_port_busy');
    }
  });

  it('unknown to us is PostgreSQL’s last word, with the log to look into', () => {
    const log =
      '2026-11-22 17:54:03.613 UTC [3461] FATAL:  something new\n2026-11-22 17:54:03.613 UTC [3461] LOG:  database system is shut down';
    assert.equal(
      explainFailure(log, facts).message,
      'the embedded PostgreSQL did not start: FATAL:  something new; see /home/server.log',
    );
  });
});
