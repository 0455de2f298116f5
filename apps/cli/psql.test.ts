import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createTestDatabase,
  settingsOf,
  type TestDatabase,
  type TestFolder,
  testFolder,
} from '@quantum-hub/database/testing';
import { findProgram } from './psql/run-psql.ts';
import { pathWith, qhub, type Run, type Variables } from './test-qhub.ts';

const psql = findProgram('psql');

let database: TestDatabase;
let folder: TestFolder;
before(async () => {
  database = await createTestDatabase();
  folder = testFolder();
});
after(async () => {
  folder[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

function settings(): Variables {
  // Whatever stands here for other servers must not lead psql astray.
  return { ...settingsOf(database), PGHOST: 'elsewhere.invalid', PGSERVICE: 'elsewhere' };
}

/** With the machine's psql, and with the prompt of our own. */
const doors = [
  { door: 'psql', path: () => process.env.PATH },
  { door: 'the prompt of our own', path: () => folder.path },
];

for (const { door, path } of doors) {
  const skip = door === 'psql' && !psql && !process.env.CI ? 'there is no psql on PATH' : false;
  const run = async (input: string, ...args: string[]): Promise<Run> =>
    await qhub(['db', 'psql', ...args], { env: { ...settings(), PATH: path() }, input });

  test(`${door}: piped SQL runs as the application, which has no rights before it takes a role`, {
    skip,
  }, async () => {
    const who = await run('select current_user;');
    assert.equal(who.code, 0, who.stderr);
    assert.match(who.stdout, /quantum_user/);
    const refused = await run('select * from identity.users;');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /ERROR: +permission denied for schema identity/);
    assert.match((await run('select count(*) from users;', '--as', 'identity')).stdout, /^ +0$/m);
  });

  test(`${door}: --as, --actor and --admin set role, user and login; tables need no schema`, {
    skip,
  }, async () => {
    const actor = '01938f6e-0000-7000-8000-000000000001';
    const as = await run('select current_user, hub.actor();', '--as', 'execution', '--actor', actor);
    assert.match(as.stdout, new RegExp(`qhub_execution +\\| ${actor}`));
    const admin = await run(
      "select current_user, to_regclass('jobs') is not null;",
      '--admin',
      '--as',
      'owner',
    );
    assert.match(admin.stdout, /qhub_owner +\| t/);
    assert.match((await run('select session_user;', '--admin')).stdout, /postgres/);
  });

  test(`${door}: an error shows its place, ends piped SQL and gives exit code 1`, { skip }, async () => {
    const { code, stdout, stderr } = await run('select 1 as one;\nselect\n  nothing;\nselect 3 as three;');
    assert.equal(code, 1);
    assert.match(stdout, /one/);
    assert.doesNotMatch(stdout, /three/);
    assert.match(stderr, /ERROR: +column "nothing" does not exist\nLINE 2: {3}nothing;?\n +\^/);
  });
}

test('what stands after -- goes to psql', {
  skip: !psql && !process.env.CI && 'there is no psql',
}, async () => {
  const env = settings();
  const { code, stdout } = await qhub(['db', 'psql', '--', '-At', '-c', 'select 6 * 7'], { env });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: '42\n' });
  const own = await qhub(['db', 'psql', '--', '-At'], { env: { ...env, PATH: folder.path } });
  assert.equal(own.code, 2);
  assert.match(
    own.stderr,
    /^qhub: there is no psql on PATH that could take -At: install it, or leave them out;/,
  );
});

test('the prompt of our own lists tables and columns, and shows values as the server writes them', async () => {
  const env = { ...settings(), PATH: folder.path };
  const input = `\\dt execution\n\\d marketplace.subscriptions\nselect 12345678901234567890 as big, null as none,
    $$a;\nb$$ as lines, date '2026-11-22' as day;\nset role qhub_execution;\nnonsense`;
  const { stdout, stderr } = await qhub(['db', 'psql'], { env, input });
  assert.match(stdout, /execution \| jobs +\| /);
  assert.match(stdout, /marketplace\.subscriptions \| user_id +\| uuid +\| not null \|/);
  assert.match(
    stdout,
    / +big +\| none \| lines \| +day\n[-+]+\n 12345678901234567890 \| +\| a; +\| 2026-11-22\n +\| +\| b/,
  );
  assert.match(stdout, /^SET$/m);
  assert.match(stderr, /syntax error at or near "nonsense"/);
});

test('the prompt of our own holds a conversation on a terminal: several lines, an error, \\q', async (t) => {
  const script = findProgram('script');
  if (!script) {
    assert.equal(process.env.CI, undefined, 'script is missing (Debian: bsdutils)');
    return t.skip('there is no `script` that makes a terminal');
  }
  const path = pathWith(folder.path, { sh: '/bin/sh' });
  const bin = join(import.meta.dirname, 'qhub.js');
  const { stdout } = await qhub(['-qec', `${process.execPath} ${bin} db psql`, '/dev/null'], {
    node: script,
    program: '-q',
    env: { ...settings(), PATH: path, SHELL: '/bin/sh' },
    input: 'select 20 +\n22 as answer;\nselect wrong;\nselect 9 as after;\n\\q\n',
  });
  const screen = stdout.replaceAll('\r', '');
  assert.match(screen, /A small SQL prompt at test_\w+ \(there is no psql on PATH\)/);
  assert.match(screen, /=> .*select 20 +[\s\S]*-> .* answer\n/);
  assert.match(screen, /\n +42\n/);
  assert.match(screen, /column "wrong" does not exist/);
  assert.match(screen, /\n +9\n/);
});
