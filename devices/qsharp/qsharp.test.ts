import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Device, DeviceRequest } from '@quantum-hub/execution/ports';
import { localDevice } from '../index.ts';
import { qsharpDevice } from './index.ts';
import { resultsIn } from './outcome.ts';

const device = qsharpDevice();
const main = (type: string, body: string) => `operation Main() : ${type} { ${body} }`;
const counts = (source: string, shots = 200, seed = 1): DeviceRequest => ({
  kind: 'counts',
  program: { language: 'qsharp', source },
  shots,
  seed,
});
const BELL = main('Result[]', 'use q = Qubit[2]; H(q[0]); CNOT(q[0], q[1]); return MResetEachZ(q);');

describe('local/qsharp', () => {
  it('counts the results of an entry point, the same for a seed and others for another', async () => {
    // In processes of their own, as the hub runs them: the QDK seeds its generator once a process.
    const isolated = await localDevice('local/qsharp');
    const run = async (seed: number) => {
      const answer = await (isolated as Device).run(counts(BELL, 200, seed));
      assert.ok(answer.ok && answer.result.kind === 'counts');
      return answer.result;
    };
    const first = await run(7);
    assert.deepEqual(Object.keys(first.counts).sort(), ['00', '11']);
    assert.equal((first.counts['00'] ?? 0) + (first.counts['11'] ?? 0), 200);
    assert.deepEqual(first.registers, [{ name: 'result', size: 2 }]);
    assert.deepEqual((await run(7)).counts, first.counts);
    assert.notDeepEqual((await run(8)).counts, first.counts);
  });

  it('the first result is bit 0, right-most', async () => {
    const answer = await device.run(
      counts(
        main(
          '(Result, Result[])',
          'use q = Qubit[3]; X(q[0]); let r = MResetEachZ(q); return (r[0], r[1..2]);',
        ),
        5,
      ),
    );
    assert.ok(answer.ok && answer.result.kind === 'counts');
    assert.deepEqual(answer.result.counts, { '001': 5 });
  });

  it('names the place of what does not compile, and of what fails while it runs', async () => {
    const wrong = await device.run(counts('operation Main() : Result[] {\n  return x;\n}'));
    assert.ok(!wrong.ok);
    assert.deepEqual(
      wrong.errors.map(({ line, column, code }) => ({ line, column, code })),
      [{ line: 2, column: 10, code: 'undeclared' }],
    );
    const fails = await device.run(counts(main('Result[]', '\n  fail "no"; '), 2));
    assert.ok(!fails.ok);
    assert.equal(fails.errors[0]?.line, 2);
    assert.match(fails.errors[0]?.message ?? '', /no/);
  });

  it('refuses an entry point that returns something else, and requests that it does not serve', async () => {
    const answer = await device.run(counts(main('Int', 'return 3;'), 1));
    assert.ok(!answer.ok);
    assert.match(answer.errors[0]?.message ?? '', /returned 3/);
    await assert.rejects(
      device.run({ kind: 'counts', program: { language: 'openqasm', source: '' }, shots: 1, seed: 0 }),
      { code: 'execution.language_not_served' },
    );
    await assert.rejects(device.run(counts(BELL, 0)), { code: 'execution.shots_out_of_range' });
  });

  it('estimates resources', async () => {
    const source = main('Result', 'use q = Qubit(); H(q); T(q); return MResetZ(q);');
    const answer = await device.run({ kind: 'resources', program: { language: 'qsharp', source } });
    assert.ok(answer.ok && answer.result.kind === 'resources');
    assert.ok(Array.isArray(answer.result.estimate));
    assert.equal((answer.result.estimate as { status: string }[])[0]?.status, 'success');
  });

  it('reads results out of what the QDK prints', () => {
    assert.deepEqual(resultsIn('([Zero, One], (One, []))'), [0, 1, 1]);
    assert.equal(resultsIn('(One, 3)'), undefined);
    assert.equal(resultsIn('()'), undefined);
  });
});
