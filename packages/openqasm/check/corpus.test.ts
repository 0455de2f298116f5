import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { compile } from '../compile.ts';

const root = resolve(import.meta.dirname, '../../..');
const own = join(root, 'devices/conformance/corpus');
const qasmbench = resolve(root, process.env.QHUB_CORPUS ?? '../shared/corpus/qasmbench');

type Entry = { valid?: boolean; kind?: string; line?: number | null };

function expectations(folder: string): Record<string, Entry> {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
}

function assertAsExpected(file: string, entry: Entry): void {
  const result = compile(readFileSync(file));
  if (entry.valid !== false) {
    assert.deepEqual(result.ok ? [] : result.errors, []);
    return;
  }
  // Programs that are too large to run are well formed: the machine or a device refuses them.
  if (entry.kind === 'limit') return;
  assert.ok(!result.ok, `${basename(file)} compiles`);
  assert.equal(result.errors[0]?.line, entry.line);
  assert.match(
    result.errors[0]?.code ?? '',
    entry.kind === 'type' ? /^(type|constant)$/ : new RegExp(`^${entry.kind}$`),
  );
}

describe("the corpus's own programs", () => {
  for (const kind of ['openqasm3', 'invalid']) {
    const folder = join(own, kind);
    for (const [file, entry] of Object.entries(expectations(folder))) {
      it(`${kind}/${file}`, () => assertAsExpected(join(folder, file), entry));
    }
  }
});

describe('the programs of QASMBench', () => {
  const isThere = existsSync(qasmbench);
  const skip = isThere || process.env.CI === 'true' ? false : `no programs in ${qasmbench} (QHUB_CORPUS)`;
  it('compile, or are refused at their line', { skip }, () => {
    const entries = Object.entries(expectations(qasmbench));
    assert.ok(entries.length >= globSync('*/*/*.qasm', { cwd: qasmbench }).length && entries.length > 30);
    for (const [file, entry] of entries) assertAsExpected(join(qasmbench, file), entry);
  });
});
