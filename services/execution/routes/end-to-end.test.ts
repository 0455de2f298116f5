/** Guarantee: what is submitted over HTTP runs on the local devices, and its result comes back as it says. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Actor } from '@quantum-hub/http';
import { resultDocument } from '../domain/result-document.ts';
import { bellOf, openqasm, TestService } from '../test-service.ts';
import type { Worker } from '../worker/worker.ts';

let service: TestService;
let worker: Worker;
let ada: Actor;

before(async () => {
  service = await TestService.start();
  worker = await service.work();
  ada = await service.person();
});
after(async () => {
  await worker?.stop();
  await service?.[Symbol.asyncDispose]();
});

const run = async (body: Record<string, unknown>) => {
  const submitted = await service.submit(ada, body);
  assert.equal(submitted.status, 201, JSON.stringify(submitted.body));
  const job = await service.finished(ada, submitted.body.id);
  const result = await service.hub.request('GET', `/v1/jobs/${job.id}/result`, { as: ada });
  return { submitted, job, result };
};

describe('a job', () => {
  it('runs to its counts, and tells its whole history', async () => {
    const { submitted, job, result } = await run(bellOf(1000));
    assert.equal(submitted.headers.get('location'), `/v1/jobs/${job.id}`);
    assert.deepEqual([job.status, job.attempts, job.seed, job.shots], ['completed', 1, 7, 1000]);
    const document = resultDocument.parse(result.body);
    assert.ok(document.kind === 'counts');
    assert.deepEqual(Object.keys(document.counts).sort(), ['00', '11']);
    assert.deepEqual(document.shots, { asked: 1000, returned: 1000 });
    assert.deepEqual(document.registers, [{ name: 'c', size: 2 }]);
    const { source } = bellOf().program;
    assert.equal(document.program.sha256, createHash('sha256').update(source).digest('hex'));
    assert.equal(document.program.sha256, job.program.hash);
    assert.equal(document.device.snapshot.status, 'online');
    assert.equal(document.memory, undefined);

    const events = await service.hub.request('GET', `/v1/jobs/${job.id}/events`, { as: ada });
    assert.deepEqual(
      events.body.items.map(({ status, origin }: Record<string, string>) => `${status} ${origin}`),
      ['created user', 'queued user', 'running worker', 'completed worker'],
    );
    const attempts = await service.hub.request('GET', `/v1/jobs/${job.id}/attempts`, { as: ada });
    assert.equal(attempts.body.items[0].outcome, 'completed');
    assert.equal(attempts.body.items[0].device.profile.name, 'local/statevector');
  });

  it('gives the same counts for the same seed, with the memory where it is asked for', async () => {
    const [one, two] = await Promise.all([run(bellOf()), run({ ...bellOf(), memory: true })]);
    const [plain, kept] = [one.result.body, two.result.body];
    assert.deepEqual(kept.counts, plain.counts);
    assert.equal(kept.memory.length, 100);
    assert.equal(kept.memory.filter((outcome: string) => outcome === '00').length, plain.counts['00']);
  });

  it('binds the inputs of OpenQASM exactly', async () => {
    const program = openqasm(
      'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput angle[32] theta;\nqubit q;\nbit c;\nrx(theta) q;\nc = measure q;',
    );
    const { result } = await run({ ...bellOf(), program, inputs: { theta: Math.PI } });
    assert.deepEqual(result.body.counts, { 1: 100 });
    assert.deepEqual(result.body.program.inputs, { theta: Math.PI });
  });

  it('computes expectation values, exactly and by shots', async () => {
    const program = openqasm(
      'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nh q[0];\ncx q[0], q[1];\n',
    );
    const request = { kind: 'expectation', observables: ['Z0 Z1', '0.5*X0 X1 - Z0'] };
    const exact = await run({ device: 'local/statevector', program, request });
    assert.deepEqual(exact.result.body.shots, { asked: null, returned: null });
    const values = exact.result.body.values.map(
      ({ value }: { value: number }) => Math.round(value * 1e9) / 1e9,
    );
    assert.deepEqual(values, [1, 0.5]);
    const sampled = await run({ device: 'local/statevector', program, request, shots: 400, seed: 3 });
    assert.equal(sampled.result.body.shots.returned, 400);
    assert.ok(sampled.result.body.values[1].standardError > 0);
  });

  it('runs Q# with the parameters of its entry point, and estimates resources', async () => {
    const source =
      'operation Main(flip : Bool, n : Int) : Result[] { use q = Qubit[n]; if flip { X(q[0]); } return MResetEachZ(q); }';
    const program = { language: 'qsharp', source };
    const base = { device: 'local/qsharp', program, inputs: { flip: true, n: 3 } };
    const { result } = await run({ ...base, shots: 5 });
    assert.deepEqual(result.body.counts, { '001': 5 });
    assert.equal(result.body.program.language, 'qsharp');
    const estimated = await run({ ...base, request: { kind: 'resources' } });
    assert.equal(estimated.result.body.kind, 'resources');
    assert.equal(estimated.result.body.estimate[0].status, 'success');
  });

  it('is repeated as a new job that names the old one', async () => {
    const { job } = await run(bellOf());
    const again = await service.hub.request('POST', `/v1/jobs/${job.id}/retry`, { as: ada });
    assert.equal(again.status, 201);
    assert.equal(again.body.retryOf, job.id);
    const second = await service.finished(ada, again.body.id);
    const results = await Promise.all(
      [job, second].map(({ id }) => service.hub.request('GET', `/v1/jobs/${id}/result`, { as: ada })),
    );
    assert.deepEqual(results[1]?.body.counts, results[0]?.body.counts);
  });

  it('is seen as it happens by whoever follows its events, and goes on behind the last one seen', async () => {
    const { body: job } = await service.submit(ada, bellOf());
    const follow = async (headers: Record<string, string> = {}) => {
      const accept = { accept: 'text/event-stream', ...headers };
      return (await service.hub.request('GET', `/v1/jobs/${job.id}/events`, { as: ada, headers: accept }))
        .body;
    };
    const whole = String(await follow());
    const told = [...whole.matchAll(/^id: (\d+)\nevent: job\ndata: (.*)$/gm)];
    assert.deepEqual(
      told.map(([, id, data]) => `${id} ${JSON.parse(data as string).status}`),
      ['1 created', '2 queued', '3 running', '4 completed'],
    );
    const rest = String(await follow({ 'last-event-id': '3' }));
    assert.deepEqual(
      [...rest.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id),
      ['4'],
    );
  });

  it('that is cancelled while it runs stops, and tells it', async () => {
    const program = openqasm(
      'OPENQASM 3.0; include "stdgates.inc"; qubit[20] q; for int i in [1:2000] { h q; cx q[0:18], q[1:19]; }',
    );
    const { body: job } = await service.submit(ada, { ...bellOf(), program });
    let now = job;
    while (now.status !== 'running') {
      const answer = await service.hub.request('GET', `/v1/jobs/${job.id}?wait=30&since=${now.revision}`, {
        as: ada,
      });
      now = answer.body;
    }
    const cancelled = await service.hub.request('POST', `/v1/jobs/${job.id}/cancel`, { as: ada });
    assert.equal(cancelled.status, 200);
    const end = await service.finished(ada, job.id);
    assert.deepEqual([end.status, end.reason.code], ['cancelled', 'execution.job_cancelled']);
    const late = await service.hub.request('POST', `/v1/jobs/${job.id}/cancel`, { as: ada });
    assert.deepEqual([late.status, late.body.revision], [200, end.revision], 'asked again: the same answer');
    const none = await service.hub.request('GET', `/v1/jobs/${job.id}/result`, { as: ada });
    assert.deepEqual([none.status, none.body.code], [404, 'execution.result_not_found']);
  });
});
