/** Guarantee: a scratch server has the major that was asked for, or it is said which one it has and what to install. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { createThrowawayServer, embeddedVersion } from '../server/index.ts';
import { makeMigratedDatabase } from './scratch-database.ts';
import { majorOf, startScratchServer, withoutMajor } from './scratch-server.ts';
import { serverProgramsOf } from './server-programs.ts';

const kept = process.env.QHUB_POSTGRES_BIN;
afterEach(() => {
  if (kept === undefined) delete process.env.QHUB_POSTGRES_BIN;
  else process.env.QHUB_POSTGRES_BIN = kept;
});

const matrix = join(import.meta.dirname, '../../../../tools/postgres-matrix/node_modules');
/** Those of the matrix, or the one that it is at. */
const majors = (process.env.QHUB_TEST_PG_MAJOR ?? '14 15 16 17 18').split(' ').map((major) => ({
  major: Number(major),
  bin: join(matrix, `pg${major}-${process.platform}-${process.arch}`, 'native/bin'),
}));

describe('a scratch server', () => {
  it('is of the embedded programs where nothing else is asked for, and takes all migrations', async () => {
    await using server = await startScratchServer();
    assert.equal(server.version, embeddedVersion());
    await using database = await makeMigratedDatabase(server.place);
    const { rows } = await database.session.query('select count(*)::int as count from hub.migrations');
    assert.ok(rows[0].count >= 6);
    assert.equal(await majorOf(database.session), server.major);
  });

  it('of a major that is not there: refused with what to install, or replaced with a line about it', async () => {
    await assert.rejects(startScratchServer({ major: 9, otherwise: withoutMajor }), {
      code: 'database.scratch_major_missing',
      message:
        /no server programs of PostgreSQL 9 were found, only those of 15\.\d+; install them \(Debian: apt-get install postgresql-9\).*QHUB_POSTGRES_BIN, or leave out --major/,
    });
    const lines: string[] = [];
    await using server = await startScratchServer({ major: 9, onProgress: (line) => lines.push(line) });
    assert.equal(server.version, embeddedVersion());
    assert.deepEqual(lines, [`Note: ${server.note}.`]);
    assert.match(server.note ?? '', /PostgreSQL 9 were found, so PostgreSQL 15\.\d+ is used.*postgresql-9/);
  });

  for (const { major, bin } of majors) {
    // Of what the matrix installs, not of every machine; the embedded server's own major never asks for others.
    const skip = existsSync(bin) ? false : 'tools/postgres-matrix is not installed';
    it(`of PostgreSQL ${major} starts from a folder of programs in QHUB_POSTGRES_BIN`, { skip }, async () => {
      process.env.QHUB_POSTGRES_BIN = bin;
      await using server = await startScratchServer({ major, otherwise: withoutMajor });
      assert.deepEqual([server.major, server.note], [major, undefined]);
      await using database = await makeMigratedDatabase(server.place);
      assert.equal(await majorOf(database.session), major);
    });
  }
});

describe('server programs of a distribution', () => {
  const installed = '/usr/lib/postgresql/15/bin';
  const skip =
    existsSync(join(installed, 'postgres')) || process.env.CI
      ? false
      : 'needs PostgreSQL 15 (Debian: apt-get install postgresql-15)';

  it('are found, and start where they lie', { skip }, async () => {
    // The matrix names programs of its own there, and they would be found first.
    delete process.env.QHUB_POSTGRES_BIN;
    const found = await serverProgramsOf(15);
    assert.ok(found !== undefined && existsSync(join(found, 'initdb')), found);
    await using server = await createThrowawayServer({ binaries: installed, major: 15 });
    assert.ok(server.pid);
  });

  it('are none of a major that nobody has', async () => {
    assert.equal(await serverProgramsOf(9), undefined);
  });
});
