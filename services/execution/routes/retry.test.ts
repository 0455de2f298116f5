/** Guarantee: a retry is a new job that asks the same and names the finished one, and is judged as the hub is now. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { findAsked } from '../queries/repeat-job.ts';
import type { TestDevice } from '../test-execution.ts';
import { bellOf, openqasm, TestService } from '../test-service.ts';

let service: TestService;
let ada: Actor;
before(async () => {
  service = await TestService.start({ limits: { unfinishedPerUser: 3 } });
  ada = await service.person();
});
after(async () => await service?.[Symbol.asyncDispose]());

const post = (as: Actor, path: string) => service.hub.request('POST', path, { as });
const retry = (as: Actor, id: string) => post(as, `/v1/jobs/${id}/retry`);

/** A job that was cancelled: as good as any other finished one. */
async function finished(as: Actor, changes: object = {}): Promise<string> {
  const { status, body } = await service.submit(as, { ...bellOf(), ...changes });
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal((await post(as, `/v1/jobs/${body.id}/cancel`)).status, 200);
  return body.id;
}

describe('a retry', () => {
  it('asks the same, seed and inputs included, and names the job', async () => {
    const program = openqasm(
      'OPENQASM 3.0; include "stdgates.inc"; input float a; qubit q; rx(a) q; bit c = measure q;',
    );
    const id = await finished(ada, {
      program,
      inputs: { a: 0.1 },
      shots: 33,
      seed: 99,
      maxRunSeconds: 5,
      maxAttempts: 7,
    });
    const { status, body } = await retry(ada, id);
    assert.deepEqual([status, body.retryOf, body.status, body.seed], [201, id, 'queued', 99]);
    const own = { as: 'execution', actor: ada.userId } as const;
    const [first, second] = await getDb(
      async (db) => [await findAsked(db, id), await findAsked(db, body.id)],
      own,
    );
    assert.ok(first?.asked.program);
    assert.deepEqual(second?.asked, first.asked);
    assert.deepEqual((await retry(ada, body.id)).body.code, 'execution.job_unfinished');
    await post(ada, `/v1/jobs/${body.id}/cancel`);
  });

  it('is refused for a device that has been retired since, and waits on one that is offline', async () => {
    const id = await finished(ada);
    const turn = (status: string) =>
      service.execution.row(`update execution.devices set status = $1 where name = 'statevector'`, [status]);
    await turn('retired');
    assert.equal((await retry(ada, id)).body.code, 'execution.device_unavailable');
    await turn('offline');
    const { status, body } = await retry(ada, id);
    assert.deepEqual([status, body.status], [201, 'queued']);
    await turn('online');
    await post(ada, `/v1/jobs/${body.id}/cancel`);
  });

  it('is refused with every place where the device would refuse the program now', async () => {
    const source = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[60] q;\nh q;\nbit[60] c = measure q;\n';
    // Queued past the judge, as a job of an older hub whose device ran more.
    const device = await service.execution.row<TestDevice>(
      `select id, platform_id as "platformId", '' as address from execution.devices where name = 'statevector'`,
    );
    const id = await service.execution.submit(device, ada.userId, {
      program: { source, language: 'openqasm3' },
    });
    await post(ada, `/v1/jobs/${id}/cancel`);
    const { status, body } = await retry(ada, id);
    assert.deepEqual([status, body.code], [422, 'execution.program_invalid']);
    assert.match(JSON.stringify(body.errors), /26 qubits and the program needs 60/);
  });

  it('counts towards the limit of unfinished jobs', async () => {
    const ben = await service.person();
    const id = await finished(ben);
    for (let job = 0; job < 3; job++) assert.equal((await service.submit(ben, bellOf())).status, 201);
    const { status, body } = await retry(ben, id);
    assert.deepEqual([status, body.code], [429, 'execution.too_many_jobs']);
  });

  it('is refused where the role for its priority is gone', async () => {
    const developer = await service.person({ roles: ['developer'] });
    const id = await finished(developer, { priority: 'high' });
    assert.equal(
      (await retry({ ...developer, roles: ['consumer'] }, id)).body.code,
      'execution.priority_not_allowed',
    );
    assert.equal((await retry(developer, id)).status, 201);
  });
});
