import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testFolder } from '@quantum-hub/database/testing';
import type { Command } from 'commander';
import { program } from './program.ts';
import { bin, plainEnvironment, qhub } from './test-qhub.ts';

const root = join(import.meta.dirname, '../..');

test('every command that does something has a --help with examples', async () => {
  const helps = leaves(await program()).filter(([, command]) => command.name() !== 'help');
  assert.ok(helps.length >= 8, `only ${helps.length} commands`);
  for (const [path, command] of helps) {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    assert.match(text, new RegExp(`^Usage: qhub ${path[0]} `), path.join(' '));
    assert.match(text, /Examples:\n {2}.*npx qhub /, path.join(' '));
  }
  const { code, stdout } = await qhub(['db', 'server', 'start', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: qhub db server start /);
});

test('an unknown command or option is one sentence with a suggestion and where help is, exit code 2', async () => {
  const cases = [
    { args: ['dbb'], said: "qhub: unknown command 'dbb' (Did you mean db?); see `npx qhub --help`\n" },
    {
      args: ['db', 'psqll'],
      said: "qhub: unknown command 'psqll' (Did you mean psql?); see `npx qhub db --help`\n",
    },
    {
      args: ['db', 'server', 'status', '--jsno'],
      said: "qhub: unknown option '--jsno' (Did you mean --json?); see `npx qhub db server status --help`\n",
    },
    {
      args: ['db', 'health', 'now'],
      said: "qhub: too many arguments for 'health'. Expected 0 arguments but got 1: now; see `npx qhub db health --help`\n",
    },
  ];
  for (const { args, said } of cases) {
    const run = await qhub(args);
    assert.deepEqual(run, { code: 2, stdout: '', stderr: said });
  }
});

test('a password or token that standard input lacks is told as missing, before any hub is asked', async () => {
  const env = { QHUB_URL: 'http://127.0.0.1:1' };
  for (const [args, input, said] of [
    [['account', 'verify'], '', /"Token in the mail" is missing; expected it as line 1 of standard input/],
    [['login', '--username', 'ada'], '\n', /"Password" is missing; .*see `npx qhub login --help`/],
    [
      ['account', 'reset-password'],
      'qh_reset_x\n',
      /"New password .*" is missing; expected it as line 2 of standard input/,
    ],
  ] as const) {
    const { code, stderr } = await qhub(args, { env, input });
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
});

test('values that an option cannot take are refused before anything is started', async () => {
  using home = testFolder();
  const env = { QHUB_HOME: join(home.path, 'home') };
  for (const [args, said] of [
    [
      ['db', 'partitions', 'create', '--months-ahead', '-1'],
      /--months-ahead is "-1"; expected a whole number from 0/,
    ],
    [['db', 'psql', '--as', 'nobody'], /--as is "nobody"; expected one of identity, /],
    [['db', 'psql', '--as', 'owner'], /--as owner is for the administrator only: add --admin/],
    [['db', 'psql', '--actor', 'ada'], /--actor is "ada"; expected the id of a user/],
    [['db', 'provision', '--service-login', 'cook'], /--service-login is "cook"; expected one of identity, /],
    [
      ['db', 'provision', '--print-sql'],
      /--print-sql is for a server that POSTGRES_HOST or DATABASE_URL names/,
    ],
  ] as const) {
    const { code, stdout, stderr } = await qhub(args, { env });
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
  assert.equal(existsSync(env.QHUB_HOME), false);
});

test('with --json a fault is { "error": { "code", "message" } } on standard error, and nothing else', async () => {
  const { code, stdout, stderr } = await qhub(['db', 'health', '--json', '--wrong']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  const { error } = JSON.parse(stderr);
  assert.deepEqual(Object.keys(error), ['code', 'message']);
  assert.equal(error.code, 'kernel.usage_invalid');
});

test('help is asked for with exit code 0; a command that is missing gets it with 2', async () => {
  assert.equal((await qhub(['--help'])).code, 0);
  const { code, stdout, stderr } = await qhub(['db']);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  assert.match(stderr, /^Usage: qhub db/);
});

test('--version prints the version alone', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { code, stdout, stderr } = await qhub(['--version']);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('a wrong Node is told which commands run the right one, without a stack trace', async (t) => {
  const other = otherNode();
  if (!other) return t.skip('there is no second Node on this machine');
  for (const [file, start] of [
    ['apps/cli/qhub.js', 'npx qhub'],
    ['apps/hub/start.js', 'npm start'],
  ] as const) {
    const { code, stdout, stderr } = await qhub([], { node: other, program: join(root, file) });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, new RegExp(`^Quantum Hub needs Node .* and this is Node .*: use \`${start}\`.*\n$`));
  }
});

test('without `npm ci` both programs say so, in one sentence', async () => {
  using folder = testFolder('qhub checkout ');
  for (const file of ['package.json', 'tools/require-node.js', 'apps/cli/qhub.js', 'apps/hub/start.js']) {
    mkdirSync(join(folder.path, file, '..'), { recursive: true });
    cpSync(join(root, file), join(folder.path, file));
  }
  for (const file of ['apps/cli/qhub.js', 'apps/hub/start.js']) {
    const { code, stdout, stderr } = await qhub([], { program: join(folder.path, file) });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^Quantum Hub's packages are not installed: run `npm ci` in .*\n$/);
  }
});

function leaves(command: Command, path: readonly string[] = []): [readonly string[], Command][] {
  return command.commands.flatMap((child) => {
    const here = [...path, child.name()];
    return child.commands.length > 0 ? leaves(child, here) : [[here, child] as [readonly string[], Command]];
  });
}

function otherNode(): string | undefined {
  const candidates = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path));
  return candidates.find((path) => {
    const version = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      env: plainEnvironment({}) as NodeJS.ProcessEnv,
    });
    return version.trim() !== process.version;
  });
}

test('a standard output that takes nothing more is one sentence, not a stack', {
  skip: !existsSync('/dev/full'),
}, () => {
  const command = `'${process.execPath}' '${bin}' qasm check '${join(root, 'examples/bell.qasm')}' --json >/dev/full`;
  const { status, stderr } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^\{"error":\{"code":"kernel.output_unwritable","message":"standard output cannot be written: no space is left; .*"\}\}\n$/,
  );
});
