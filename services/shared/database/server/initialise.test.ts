import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { borrowServer } from './embedded-server.ts';
import { connect, makeFilledHome, makeHome, serverProgram, startProgram } from './home-fixture.ts';
import { serverStatus } from './status.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the first start', () => {
  it('makes a database with UTF-8, C locale, checksums and scram, whatever locale, time zone and PG variables say', async (t) => {
    const home = makeHome(t, 'a home with spaces and ünïcode');
    const code = `const one = await server.startServer({ home: ${JSON.stringify(home)} }); console.log('port', one.port);`;
    const odd = {
      LC_ALL: 'C',
      LC_MESSAGES: 'tr_TR',
      TZ: 'Antarctica/Troll',
      PGDATA: '/nowhere',
      PGPORT: '1',
      PGOPTIONS: '-c x=y',
    };
    await startProgram(t, serverProgram(code), { env: { PATH: process.env.PATH, ...odd } }).line(/port \d+/);
    await using server = await borrowServer({ home });
    const client = await connect(t, server);
    const { rows } =
      await client.query(`select current_setting('server_encoding') as encoding, datcollate as collation,
      current_setting('data_checksums') as checksums, current_setting('fsync') as fsync, current_setting('timezone') as timezone,
      current_setting('listen_addresses') as addresses, current_setting('password_encryption') as passwords,
      (select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules) as scram_only
      from pg_database where datname = 'postgres'`);
    assert.deepEqual(rows, [
      {
        encoding: 'UTF8',
        collation: 'C',
        checksums: 'on',
        fsync: 'on',
        timezone: 'UTC',
        addresses: '127.0.0.1',
        passwords: 'scram-sha-256',
        scram_only: true,
      },
    ]);
  });

  it('keeps password, memory and log to their owner, and nothing half-done lies about', async (t) => {
    const home = makeHome(t);
    await (await borrowServer({ home })).stop();
    for (const name of ['admin-password', 'server.json', 'server.log'])
      assert.equal(modeOf(join(home, name)), '600', name);
    assert.equal(modeOf(join(home, 'postgres')), '700');
    assert.deepEqual(readdirSync(join(home, 'postgres')).sort(), ['data', 'socket']);
    assert.match(readFileSync(join(home, 'admin-password'), 'utf8'), /^[\w-]{43}\n$/);
  });

  it('clears what an interrupted first start left, which never held data', async (t) => {
    const home = makeHome(t);
    const draft = join(home, 'postgres', 'data.initialising-of-a-killed-run');
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, 'PG_VERSION'), '15');
    await (await borrowServer({ home })).stop();
    assert.ok(!existsSync(draft));
  });
});

describe('a data directory that can not be vouched for', () => {
  it('half-initialised: is refused by name and left as it is', async (t) => {
    const home = makeHome(t);
    const dataDir = join(home, 'postgres', 'data');
    mkdirSync(join(dataDir, 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'PG_VERSION'), '15\n');
    await assert.rejects(borrowServer({ home }), {
      code: 'database.server_half_initialised',
      message: `${dataDir} is not a complete PostgreSQL data directory (global/pg_control is missing) and was left as it is; restore it from a backup, or move it away to begin with an empty database`,
    });
    assert.deepEqual(readdirSync(dataDir).sort(), ['PG_VERSION', 'base']);
  });

  it('something else entirely: is refused and left as it is', async (t) => {
    const home = makeHome(t);
    const dataDir = join(home, 'postgres', 'data');
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'thesis.txt'), 'the only copy');
    await assert.rejects(borrowServer({ home }), { code: 'database.server_half_initialised' });
    assert.equal(readFileSync(join(dataDir, 'thesis.txt'), 'utf8'), 'the only copy');
  });

  it('of another major: is refused with both versions named', async (t) => {
    const home = await makeFilledHome(t);
    const dataDir = join(home, 'postgres', 'data');
    writeFileSync(join(dataDir, 'PG_VERSION'), '14\n');
    await assert.rejects(borrowServer({ home }), {
      code: 'database.server_wrong_major',
      message: /is of PostgreSQL 14 and this is PostgreSQL 15; .*QHUB_HOME/,
    });
    assert.ok(existsSync(join(dataDir, 'global', 'pg_control')));
  });

  it('gone since the last start: is a loss that is told, not a reason for an empty database', async (t) => {
    const home = await makeFilledHome(t);
    const dataDir = join(home, 'postgres', 'data');
    renameSync(dataDir, `${dataDir}-moved`);
    await assert.rejects(borrowServer({ home }), {
      code: 'database.server_data_missing',
      message: new RegExp(`${dataDir} does not exist`),
    });
    assert.ok(!existsSync(dataDir));
  });

  it('damaged: PostgreSQL’s own reason is given, and status repeats it', async (t) => {
    const home = await makeFilledHome(t);
    const control = join(home, 'postgres', 'data', 'global', 'pg_control');
    writeFileSync(control, Buffer.alloc(8192));
    await assert.rejects(borrowServer({ home }), {
      code: 'database.server_data_damaged',
      message: /incompatible.*restore the newest backup/,
    });
    assert.equal(serverStatus({ home }).fault?.code, 'database.server_data_damaged');
    assert.equal(statSync(control).size, 8192);
  });
});

describe('the administrator’s password', () => {
  it('that was deleted is set anew at the next start', async (t) => {
    const home = await makeFilledHome(t);
    const old = readFileSync(join(home, 'admin-password'), 'utf8').trim();
    rmSync(join(home, 'admin-password'));
    await using server = await borrowServer({ home });
    assert.notEqual(server.adminPassword, old);
    const client = await connect(t, server);
    assert.equal((await client.query('select 1')).rowCount, 1);
  });

  it('that is another one is a clear error, and the server that was started for nothing is stopped', async (t) => {
    const home = await makeFilledHome(t);
    writeFileSync(join(home, 'admin-password'), 'of-another-database\n');
    await assert.rejects(borrowServer({ home }), {
      code: 'database.server_password_lost',
      message: /admin-password does not hold/,
    });
    assert.equal(serverStatus({ home }).state, 'stopped');
  });
});

describe('settings', () => {
  it('that PostgreSQL refuses are named', async (t) => {
    const home = await makeFilledHome(t);
    await assert.rejects(borrowServer({ home, extraSettings: { shared_bufers: '1GB' } }), {
      code: 'database.server_setting_invalid',
      message: /unrecognized configuration parameter "shared_bufers"/,
    });
  });

  it('that ask for more memory than there is are a clear error', async (t) => {
    const home = await makeFilledHome(t);
    await assert.rejects(borrowServer({ home, extraSettings: { shared_buffers: '8000GB' } }), {
      code: 'database.server_out_of_memory',
    });
  });
});
