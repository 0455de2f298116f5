import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statevectorDevice } from '../statevector/index.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc"; qubit[16] q; bit[16] c;\n';

async function sharesOf(body: string): Promise<number[]> {
  const shares: number[] = [];
  const program = { language: 'openqasm', source: HEAD + body } as const;
  const onProgress = (share: number) => shares.push(share);
  const answer = await statevectorDevice().run(
    { kind: 'counts', program, shots: 10, seed: 1 },
    { onProgress },
  );
  assert.ok(answer.ok);
  return shares;
}

const programs = [
  [
    'that goes one way',
    'for int i in [1:60] { h q; for int k in [0:14] { cx q[k], q[k + 1]; } } c = measure q;',
  ],
  [
    'whose measurements decide',
    'for int i in [1:40] { h q[0:14]; for int k in [0:13] { cx q[k], q[k + 1]; } if (i == 20) { h q[15]; c[0] = measure q[15]; if (c[0]) x q[3]; } }',
  ],
] as const;

for (const [kind, body] of programs) {
  test(`a program ${kind} tells its progress on the way, never falling`, async (t) => {
    // A clock of its own: how often it is told must not hang on the machine.
    let now = 0;
    t.mock.method(performance, 'now', () => (now += 1));
    const shares = await sharesOf(body);
    const between = new Set(shares.filter((share) => share > 0 && share < 1));
    assert.ok(between.size >= 2, `told: ${shares.join(' ')}`);
    for (const [at, share] of shares.entries())
      assert.ok(share >= (shares[at - 1] ?? 0) && share <= 1, shares.join(' '));
  });
}
