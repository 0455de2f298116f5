/** Guarantee: what the documents and messages refer to is there, and a page that is played can fail. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../services/shared/database/testing/index.ts';
import { anchor } from '../tools/generate/markdown.ts';
import { rooms, root } from '../tools/rooms.ts';
import { isShown, play, stepsOf } from './test-page.ts';

const exclude = (name: string) => name === 'node_modules';
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root, exclude });

/** GitHub's anchors of a page's headings. */
function anchorsOf(page: string): Set<string> {
  return new Set([...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading ?? '')));
}

test('every link of a document leads to a file, and to a heading there where it names one', () => {
  let links = 0;
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^https?:/.test(target)) return [];
      links += 1;
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const there =
        existsSync(join(root, file)) && (heading === undefined || anchorsOf(file).has(`#${heading}`));
      return there ? [] : [`${page}: ${target}`];
    }),
  );
  assert.ok(links > 100, `${links} links`);
  assert.deepEqual(broken, []);
});

test('every page that code, a message or a document names exists', () => {
  const files = [...pages, ...globSync(`{${rooms.join(',')}}/**/*.{ts,js,sql}`, { cwd: root, exclude })];
  // Tests name pages that never were.
  const texts = files.filter((file) => !file.endsWith('.test.ts'));
  const missing = texts.flatMap((file) =>
    [...read(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].flatMap(([path]) =>
      existsSync(join(root, path)) ? [] : [`${file}: ${path}`],
    ),
  );
  assert.deepEqual(missing, []);
});

test('a page is read into its edits and commands, and what is tried by nothing is refused', () => {
  const page = [
    '<!-- run: true -->',
    '```diff',
    '--- a.ts',
    ' one',
    '-two',
    '+three',
    '@@',
    '+four',
    ' five',
    '```',
    '```console',
    '$ echo one',
    'one',
    '$ false',
    '(exit code 1)',
    '```',
  ].join('\n');
  assert.deepEqual(
    stepsOf(page).map((step) => ({ ...step, line: 0 })),
    [
      { kind: 'run', line: 0, command: 'true', shown: undefined },
      { kind: 'edit', line: 0, path: 'a.ts', from: 'one\ntwo\n', to: 'one\nthree\n' },
      { kind: 'edit', line: 0, path: 'a.ts', from: 'five\n', to: 'four\nfive\n' },
      { kind: 'run', line: 0, command: 'echo one', shown: 'one' },
      { kind: 'run', line: 0, command: 'false', shown: '(exit code 1)' },
    ],
  );
  assert.throws(() => stepsOf('```sh\nrm -r x\n```'), /a block of "sh" is not tried/);
});

test('an edit whose lines are gone fails, and a command gives its output and its exit code', async () => {
  using folder = testFolder();
  writeFileSync(join(folder.path, 'a.ts'), 'one\ntwo\n');
  const edit = (from: string) =>
    play({ kind: 'edit', line: 7, path: 'a.ts', from, to: 'new\n' }, folder.path, {});
  await assert.rejects(edit('three\n'), /line 7: a.ts holds these lines 0 times/);
  await edit('two\n');
  assert.equal(readFileSync(join(folder.path, 'a.ts'), 'utf8'), 'one\nnew\n');
  const run = {
    kind: 'run',
    line: 1,
    command: 'printf "10%%\\r20%%\\n"; echo bad >&2; exit 3',
    shown: '',
  } as const;
  assert.equal(await play(run, folder.path, process.env), '20%\nbad\n(exit code 3)\n');
});

test('what is shown stands for what is printed, with … for what differs each time', () => {
  const printed = 'Applied 3 (12 ms).\na\nb\nDone.\n';
  assert.ok(isShown('Applied 3 (… ms).\n…\nDone.', printed));
  assert.ok(isShown('…', printed) && isShown('…', '') && isShown('', ''));
  const wrong = [
    '',
    'Applied 4 (… ms).\n…\nDone.',
    'Applied 3 (… ms).\nDone.',
    'Applied 3 (… ms).',
    '…\nDone',
  ];
  for (const other of wrong) assert.equal(isShown(other, printed), false, other);
});
