/** Guarantee: people take all of their jobs along; when they leave, their jobs end and keep nothing that they wrote. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Actor } from '@quantum-hub/http';
import { bellOf, openqasm, TestService } from '../test-service.ts';
import { ExecutionAccounts } from './account.ts';

let service: TestService;
let accounts: ExecutionAccounts;
before(async () => {
  // Whatever is larger than a small result lies in the blob store.
  service = await TestService.start({ inlineBytes: 4000 });
  accounts = new ExecutionAccounts({ blobs: service.blobs });
});
after(async () => await service?.[Symbol.asyncDispose]());

const wide = openqasm('OPENQASM 3.0; include "stdgates.inc"; qubit[12] q; bit[12] c; h q; c = measure q;');

/** A person with a small result, one in the blob store, one job for later and one that waits on a device that is off. */
async function withJobs(): Promise<{ person: Actor; small: string; large: string; open: string[] }> {
  const person = await service.person();
  const submit = async (changes: object, headers = {}) =>
    (await service.submit(person, { ...bellOf(), ...changes }, headers)).body.id as string;
  const small = await submit({ name: 'my secret plan' }, { 'idempotency-key': 'mine' });
  const large = await submit({ program: wide, shots: 4096 });
  {
    await using _worker = await service.work();
    for (const id of [small, large]) assert.equal((await service.finished(person, id)).status, 'completed');
  }
  const later = new Date(Date.now() + 3_600_000).toISOString();
  return { person, small, large, open: [await submit({ scheduledFor: later }), await submit({})] };
}

const blobsOf = async (id: string) => {
  const keys: string[] = [];
  for await (const { key } of service.blobs.list()) if (key.includes(id)) keys.push(key);
  return keys;
};

// biome-ignore lint/suspicious/noExplicitAny: what was exported is read as its reader does
const exported = async (userId: string, of = accounts): Promise<any> =>
  JSON.parse(JSON.stringify(await of.exportAccount(userId, AbortSignal.timeout(60_000))));

describe('an account of execution', () => {
  it('is exported with jobs, programs, events, attempts and results, or where these lie, and nothing of others', async () => {
    const { person, small, large, open } = await withJobs();
    await service.submit(await service.person(), { ...bellOf(), name: 'of somebody else' });
    const { jobs, programs, idempotencyKeys } = await exported(person.userId);
    assert.deepEqual(
      jobs.map(({ id }: { id: string }) => id),
      [...open.toReversed(), large, small],
    );
    const [, , inBlob, inRow] = jobs;
    assert.equal(programs[inRow.programHash], bellOf().program.source);
    assert.equal(inRow.events.length, 4);
    assert.deepEqual([inRow.attempts.length, inRow.attempts[0].device], [1, 'local/statevector']);
    assert.equal(
      Object.values<number>(inRow.result.counts).reduce((sum, count) => sum + count),
      100,
    );
    assert.deepEqual([inBlob.result.location, inBlob.result.sha256.length], [`/v1/jobs/${large}/result`, 64]);
    assert.deepEqual(
      idempotencyKeys.map(({ key, jobId }: { key: string; jobId: string }) => [key, jobId]),
      [['mine', small]],
    );
    const narrow = new ExecutionAccounts({ blobs: service.blobs, mostCharacters: 10 });
    const short = await exported(person.userId, narrow);
    assert.deepEqual(short.programs, {});
    assert.deepEqual(
      [short.jobs[3].result.location, short.jobs[3].result.counts],
      [`/v1/jobs/${small}/result`, undefined],
      'what has no room is named',
    );
  });

  it('that ends has no job that waits or runs, and keeps no program, input, result, document or key', async () => {
    const { person, small, large, open } = await withJobs();
    const other = await service.person();
    const { body: theirs } = await service.submit(other, { ...bellOf(), name: 'theirs' });
    assert.equal((await blobsOf(large)).length, 1);
    await accounts.beforeDeletion(person.userId);
    for (const id of open) {
      const { status, entry } = await service.execution.stored(id);
      assert.deepEqual([status, entry], ['cancelled', null]);
    }
    assert.equal((await blobsOf(large)).length, 1, 'nothing is taken before the account has ended');
    await accounts.afterDeletion(person.userId);
    await accounts.afterDeletion(person.userId);
    assert.deepEqual(await blobsOf(large), []);
    const { jobs, programs, idempotencyKeys } = await exported(person.userId);
    assert.deepEqual([Object.values(programs).filter((text) => text !== ''), idempotencyKeys], [[], []]);
    assert.doesNotMatch(JSON.stringify(jobs), /my secret plan|"counts":\{|OPENQASM/);
    const kept = jobs.find(({ id }: { id: string }) => id === small);
    assert.deepEqual(
      [kept.status, kept.shots, kept.events.length, kept.attempts.length, kept.result.shots],
      ['completed', 100, 4, 1, 100],
    );
    const untouched = await service.execution.row('select name, program from execution.jobs where id = $1', [
      theirs.id,
    ]);
    assert.deepEqual(untouched, { name: 'theirs', program: bellOf().program.source });
  });
});
