/** Guarantee: a result says how it is to be read, and what an earlier hub stored is read by this one. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeResultDocument, resultDocument } from './result-document.ts';
import { resultText } from './result-text.ts';
import { readStoredResult, storedInRow } from './stored-result.ts';

const folder = join(import.meta.dirname, 'stored-documents');

const run = (result: Parameters<typeof makeResultDocument>[0]['result']) => ({
  job: {
    id: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11',
    name: 'Bell pair',
    language: 'openqasm3' as const,
    inputs: { theta: 0.5 },
    shots: 4,
    queuedAt: new Date('2026-11-23T10:00:00Z'),
  },
  attempt: 1,
  snapshot: { name: 'local/statevector', status: 'online' },
  result,
  startedAt: new Date('2026-11-23T10:00:01Z'),
  finishedAt: new Date('2026-11-23T10:00:02Z'),
  deviceMs: 12.5,
});
const counted = makeResultDocument(
  run({
    kind: 'counts',
    device: { name: 'local/statevector', version: '1' },
    programHash: 'ab'.repeat(32),
    seed: 7,
    counts: { '0 10': 3, '1 01': 1 },
    memory: ['0 10', '1 01', '0 10', '0 10'],
    registers: [
      { name: 'a', size: 2 },
      { name: 'b', size: 1 },
    ],
    shots: 4,
  }),
);

describe('stored documents', () => {
  const files = globSync('*.json', { cwd: folder }).sort();

  it('are there, of every format version', () => {
    const versions = files.map((file) => /\.v(\d+)\.json$/.exec(file)?.[1]);
    assert.deepEqual([...new Set(versions)], ['1']);
    assert.ok(files.length >= 4, files.join());
  });

  for (const file of files) {
    it(`${file} is read as it was meant`, () => {
      const { row, read } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      assert.deepEqual(readStoredResult(row), read);
    });
  }

  it('of a version to come, or damaged, are refused by name', () => {
    const row = { id: counted.job.id, formatVersion: 1, ...storedInRow(counted) };
    assert.throws(() => readStoredResult({ ...row, formatVersion: 2 }), {
      code: 'execution.result_unreadable',
      message: /version is 2/,
    });
    assert.throws(() => readStoredResult({ ...row, counts: { x: 1 } }), {
      code: 'execution.result_unreadable',
    });
    assert.throws(() => readStoredResult({ ...row, data: null }), { code: 'execution.result_unreadable' });
  });
});

describe('a document', () => {
  it('is what its schema says, through a row and back', () => {
    assert.deepEqual(resultDocument.parse(counted), counted);
    const row = { id: counted.job.id, formatVersion: 1, ...JSON.parse(JSON.stringify(storedInRow(counted))) };
    assert.deepEqual(readStoredResult(row), { document: counted });
  });

  it('as text, piece by piece, is the same as its JSON', () => {
    assert.equal([...resultText(counted)].join(''), JSON.stringify(counted));
    const outcomes = Array.from({ length: 20_000 }, (_, value) => value.toString(2).padStart(15, '0'));
    const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 1]));
    const large = { ...counted, counts, memory: outcomes } as typeof counted;
    const pieces = [...resultText(large)];
    assert.equal(pieces.join(''), JSON.stringify(large));
    assert.ok(Math.max(...pieces.map(({ length }) => length)) < 66_000);
    assert.ok(pieces.length > 5);
    assert.deepEqual(
      JSON.parse([...resultText({ ...counted, counts: {}, memory: [] } as typeof counted)].join('')).counts,
      {},
    );
  });

  it('tells of what was asked and of what came', () => {
    const exact = makeResultDocument({
      ...run({
        kind: 'expectation',
        device: { name: 'local/statevector', version: '1' },
        programHash: 'ab'.repeat(32),
        seed: 0,
        values: [{ observable: 'Z0', value: 1, standardError: 0 }],
        shots: undefined,
      }),
      job: { ...run({} as never).job, shots: null, queuedAt: null },
    });
    assert.ok(exact.kind === 'expectation');
    assert.deepEqual(exact.shots, { asked: null, returned: null });
    assert.equal(exact.times.queuedAt, null);
    assert.deepEqual(resultDocument.parse(exact), exact);
  });
});
