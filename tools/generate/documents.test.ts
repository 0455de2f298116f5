import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generatedMark, staleDocuments, writeDocuments } from './documents.ts';

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qhub documents '));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const documents = [
  { path: 'docs/a.md', text: `${generatedMark}\na\n` },
  { path: 'docs/deep/b.md', text: `${generatedMark}\nb\n` },
];

test('missing, changed and left-over documents are named, written and removed; then all is current', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'docs/a.md'), `${generatedMark}\nold\n`);
  await writeFile(join(root, 'docs/gone.md'), `${generatedMark}\n`);
  const expected = [
    { path: 'docs/a.md', reason: 'is stale' },
    { path: 'docs/deep/b.md', reason: 'is missing' },
    { path: 'docs/gone.md', reason: 'is no longer generated' },
  ];
  assert.deepEqual(await staleDocuments(root, documents), expected);
  assert.deepEqual(await writeDocuments(root, documents), expected);
  assert.equal(await readFile(join(root, 'docs/deep/b.md'), 'utf8'), documents[1]?.text);
  assert.deepEqual(await staleDocuments(root, documents), []);
  assert.deepEqual(await writeDocuments(root, documents), []);
});

test('what people wrote beside generated documents stays', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'docs'));
  await writeFile(join(root, 'docs/architecture.md'), 'by hand\n');
  await writeDocuments(root, documents);
  assert.equal(await readFile(join(root, 'docs/architecture.md'), 'utf8'), 'by hand\n');
});

test('looking for stale documents writes nothing', async (t) => {
  const root = await temporaryFolder(t);
  await staleDocuments(root, documents);
  await assert.rejects(readFile(join(root, 'docs/a.md')), { code: 'ENOENT' });
});
