/** Guarantee: whatever programs people submit, each job ends with a result or a reason, and the worker and the service live on. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { bellOf, openqasm, TestService } from '../test-service.ts';

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n';
/** Most are valid; some fail only while they run, by what was measured. */
const statement = fc.constantFrom(
  'h q[0];',
  'cx q[0], q[1];',
  't q[2];',
  'c = measure q;',
  'c[1] = measure q[0];',
  'reset q[1];',
  'if (c[0] == 1) { x q[2]; }',
  'for int i in [0:2] { ry(0.1) q[i]; }',
  'while (c[1] == 0) { h q[0]; c[1] = measure q[0]; }',
  'int n = int(c); n = 1 / n;',
  'def f(int a) -> int { return a + 1; }',
  'barrier q;',
  'ctrl @ x q[0], q[1];',
  'x q[7];',
  'for int i in [0:100000000] { x q[0]; }',
  'nonsense',
);

it('random programs end, refused or run, and a good one runs after them', async () => {
  await using service = await TestService.start();
  await using _worker = await service.work();
  const ada = await service.person();
  const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 8 }), {
    numRuns: 40,
    seed: 20_261_123,
  });
  const ended = new Map<string, number>();
  const tell = (end: string) => ended.set(end, (ended.get(end) ?? 0) + 1);
  const accepted: string[] = [];
  for (const lines of programs) {
    const program = openqasm(HEAD + lines.join('\n'));
    const { status, body } = await service.submit(ada, { ...bellOf(20), program, maxAttempts: 1 });
    if (status === 201) accepted.push(body.id);
    else {
      assert.deepEqual([status, body.code], [422, 'execution.program_invalid']);
      assert.ok(body.errors.every(({ line }: { line: number }) => line >= 1 && line <= 4 + lines.length));
      tell('refused');
    }
  }
  for (const id of accepted) {
    const job = await service.finished(ada, id);
    tell(job.status);
    if (job.status === 'failed')
      assert.equal(job.reason.code, 'execution.program_rejected', job.reason.message);
  }
  assert.ok((ended.get('refused') ?? 0) > 0 && (ended.get('completed') ?? 0) > 0, JSON.stringify([...ended]));
  const { body: last } = await service.submit(ada, bellOf());
  assert.equal((await service.finished(ada, last.id)).status, 'completed');
});
