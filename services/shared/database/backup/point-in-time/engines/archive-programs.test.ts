/** The programs that PostgreSQL calls: whatever happens to them, a segment in the archive is whole and stays as it is. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { needsRoot } from '../../../server/home-fixture.ts';
import { archiveProgram, fetchProgram, shellWord } from './archive-programs.ts';

const name = '000000010000000000000001';
let root: string;

before(() => {
  root = mkdtempSync(join(tmpdir(), 'qhub-archive-'));
  writeFileSync(join(root, 'archive-wal.sh'), archiveProgram);
  writeFileSync(join(root, 'fetch-wal.sh'), fetchProgram);
});
after(() => rmSync(root, { recursive: true, force: true }));

function makeSegment(bytes: number): string {
  const path = join(root, 'segment');
  writeFileSync(path, randomBytes(bytes));
  return path;
}

function makeArchive(folder: string): string {
  const path = join(root, folder);
  mkdirSync(path);
  return path;
}

const run = (program: string, ...args: string[]) =>
  spawnSync('/bin/sh', [join(root, program), ...args], { encoding: 'utf8' });

test('a segment comes back as it was, and a second time changes nothing', () => {
  const archive = makeArchive('plain');
  const segment = makeSegment(100_000);
  assert.equal(run('archive-wal.sh', archive, segment, name).status, 0);
  assert.equal(run('archive-wal.sh', archive, segment, name).status, 0);
  assert.deepEqual(readdirSync(archive), [`${name}.gz`]);
  assert.equal(run('fetch-wal.sh', archive, name, join(root, 'back')).status, 0);
  assert.deepEqual(readFileSync(join(root, 'back')), readFileSync(segment));
});

test('other content under the same name is refused and the first stays', () => {
  const archive = makeArchive('refused');
  run('archive-wal.sh', archive, makeSegment(1000), name);
  const kept = readFileSync(join(archive, `${name}.gz`));
  const { status, stderr } = run('archive-wal.sh', archive, makeSegment(1000), name);
  assert.equal(status, 1);
  assert.match(stderr, /other content/);
  assert.deepEqual(readFileSync(join(archive, `${name}.gz`)), kept);
});

test('what is not there has exit code 1, what is damaged or not mounted has one that ends a recovery', () => {
  const archive = makeArchive('fetch');
  assert.equal(run('fetch-wal.sh', archive, name, join(root, 'none')).status, 1);
  writeFileSync(join(archive, `${name}.gz`), 'rubbish');
  assert.equal(run('fetch-wal.sh', archive, name, join(root, 'none')).status, 200);
  assert.equal(existsSync(join(root, 'none')), false);
  assert.equal(run('fetch-wal.sh', join(root, 'unmounted'), name, join(root, 'none')).status, 200);
  assert.equal(run('archive-wal.sh', join(root, 'unmounted'), makeSegment(10), name).status, 1);
});

test('killed at any moment it leaves no half segment under the name, and the next try completes it', async () => {
  const archive = makeArchive('killed');
  const segment = makeSegment(8_000_000);
  const content = readFileSync(segment);
  let cut = 0;
  for (let round = 0; round < 12; round++) {
    const args = [join(root, 'archive-wal.sh'), archive, segment, name];
    const child = spawn('/bin/sh', args, { stdio: 'ignore', detached: true });
    const closed = once(child, 'close');
    // The moment is the point of this test: between the first byte of the draft and the end.
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), round * 25);
    const [, signal] = await closed;
    clearTimeout(timer);
    if (signal) cut++;
    const path = join(archive, `${name}.gz`);
    if (existsSync(path)) {
      assert.deepEqual(gunzipSync(readFileSync(path)), content);
      rmSync(path);
    }
  }
  assert.ok(cut > 0, 'at least one run was cut');
  assert.equal(run('archive-wal.sh', archive, segment, name).status, 0);
  assert.deepEqual(gunzipSync(readFileSync(join(archive, `${name}.gz`))), content);
});

test('a full disk is a failure without a trace, and no failure any more when there is room', {
  skip: needsRoot,
}, (t) => {
  const archive = makeArchive('full');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', archive]);
  t.after(() => execFileSync('umount', [archive]));
  writeFileSync(join(archive, 'ballast'), Buffer.alloc(800_000));
  const segment = makeSegment(500_000);
  assert.notEqual(run('archive-wal.sh', archive, segment, name).status, 0);
  assert.deepEqual(readdirSync(archive), ['ballast']);
  rmSync(join(archive, 'ballast'));
  assert.equal(run('archive-wal.sh', archive, segment, name).status, 0);
});

test('a folder of any name is one word of the command', () => {
  const archive = makeArchive(`it's "100%" $mine`);
  const segment = makeSegment(1000);
  // As PostgreSQL does: `%%` becomes `%`.
  const command = `/bin/sh ${shellWord(join(root, 'archive-wal.sh'))} ${shellWord(archive)} "${segment}" "${name}"`;
  execFileSync('/bin/sh', ['-c', command.replaceAll('%%', '%')]);
  assert.deepEqual(readdirSync(archive), [`${name}.gz`]);
});
