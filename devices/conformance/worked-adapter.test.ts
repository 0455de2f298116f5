/** Guarantee: the adapter of docs/devices.md is the one that is judged here, and the suite tells a right one from a wrong one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Device } from '@quantum-hub/execution/ports';
import { conformanceCases, runCases } from './suite.ts';
import { reversibleDevice } from './test-reversible.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

async function tally(device: Device) {
  const seen = { right: 0, refused: [] as string[], wrong: [] as string[] };
  for await (const { name, verdict } of runCases(device, conformanceCases({ randomPrograms: 3 }))) {
    if (verdict.outcome === 'right') seen.right++;
    else seen[verdict.outcome].push(`${name}: ${verdict.why}`);
  }
  return seen;
}

test('the page shows the adapter as it is', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read('docs/devices.md')) ?? [];
  assert.equal(shown, read('devices/conformance/test-reversible.ts'));
});

test('it runs adders, refuses the rest at a place, and gets nothing wrong', async () => {
  const { right, refused, wrong } = await tally(reversibleDevice());
  assert.deepEqual(wrong, []);
  assert.ok(right >= 4 + 18, `${right} right: the adders and what is invalid`);
  assert.ok(
    refused.includes(
      'openqasm3/bell: 8:1 unsupported h makes superpositions or phases, which example/reversible does not have',
    ),
    refused.join('\n'),
  );
});

test('an adapter that mixes up its bits is caught', async () => {
  const honest = reversibleDevice();
  const { wrong } = await tally({
    ...honest,
    async run(request, options) {
      const answer = await honest.run(request, options);
      if (!answer.ok || answer.result.kind !== 'counts') return answer;
      const counts = Object.fromEntries(
        Object.entries(answer.result.counts).map(([bits, count]) => [[...bits].reverse().join(''), count]),
      );
      return { ok: true, result: { ...answer.result, counts } };
    },
  });
  assert.ok(
    wrong.some((text) => /^closed-form\/adder.* cannot come/.test(text)),
    wrong.join('\n'),
  );
});

test('an abort ends a run with its reason', async () => {
  const reason = new Error('not wanted any more');
  const source = 'OPENQASM 3.0; include "stdgates.inc"; qubit q; for int i in [1:900000] { x q; }';
  const request = { kind: 'counts', program: { language: 'openqasm', source }, shots: 1, seed: 1 } as const;
  const stop = new AbortController();
  const run = reversibleDevice().run(request, { signal: stop.signal });
  stop.abort(reason);
  await assert.rejects(run, reason);
});
