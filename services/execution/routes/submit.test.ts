/** Guarantee: what can be known before a job runs is judged before it is queued, with the place of every error; nothing is queued twice. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Actor } from '@quantum-hub/http';
import { bellOf, openqasm, TestService } from '../test-service.ts';

let service: TestService;
let ada: Actor;

before(async () => {
  service = await TestService.start({ limits: { unfinishedPerUser: 3 } });
  ada = await service.person();
});
after(async () => await service?.[Symbol.asyncDispose]());

const jobsOf = async ({ userId }: Actor) =>
  (
    await service.execution.row<{ n: number }>(
      'select count(*)::int as n from execution.jobs where user_id = $1',
      [userId],
    )
  ).n;

const corpus = join(import.meta.dirname, '../../../devices/conformance/corpus/invalid');
const invalid = JSON.parse(readFileSync(join(corpus, 'expected.json'), 'utf8')) as Record<
  string,
  { line: number | null }
>;

describe('programs that are wrong', () => {
  for (const [file, { line }] of Object.entries(invalid)) {
    it(`${file} is refused at its line`, async () => {
      const program = {
        language: 'openqasm',
        source: readFileSync(join(corpus, file)).toString('base64'),
        encoding: 'base64',
      };
      const answer = await service.submit(ada, { ...bellOf(), program });
      assert.deepEqual([answer.status, answer.body.code], [422, 'execution.program_invalid']);
      const [first] = answer.body.errors;
      assert.equal(first.line, line ?? 1);
      assert.ok(first.column >= 1 && first.message && first.expected && first.code);
      assert.equal(first.path, '/body/program/source');
      assert.equal(JSON.stringify(answer.body).includes('root:'), false, 'no file of this machine shows');
    });
  }

  it('all of their errors come at once, with suggestions', async () => {
    const program = openqasm('OPENQASM 3.0;\nqubit[2] q;\nh q[0];\nx q[5];\nfoo q[1];\n');
    const { body } = await service.submit(ada, { ...bellOf(), program });
    assert.deepEqual(
      body.errors.map(({ line, code }: Record<string, unknown>) => `${line} ${code}`),
      ['3 unknown-gate', '4 unknown-gate', '4 index', '5 unknown-gate'],
    );
    assert.match(body.errors[0].suggestion, /stdgates/);
    assert.match(body.detail, /4 errors/);
  });

  it('inputs that are missing, unknown or of another type are named', async () => {
    const program = openqasm('OPENQASM 3.0;\ninput int[8] n;\ninput bool b;\nbit c;\nc = b;');
    const { body } = await service.submit(ada, { ...bellOf(), program, inputs: { n: 300, z: 1 } });
    assert.equal(body.code, 'execution.program_invalid');
    assert.ok(
      body.errors.every(
        ({ path, code }: Record<string, string>) => path === '/body/inputs' && code === 'input',
      ),
    );
    const said = body.errors.map(({ message }: { message: string }) => message).join('\n');
    for (const name of ['n', 'b', 'z']) assert.match(said, new RegExp(`\\b${name}\\b`));
  });

  it('ten thousand of them give one short answer that says how many more there are', async () => {
    const inputs = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, index]));
    const { status, body } = await service.submit(ada, { ...bellOf(), inputs });
    assert.deepEqual([status, body.code, body.errors.length], [422, 'execution.program_invalid', 51]);
    assert.match(body.detail, /at least 50 errors/);
    assert.equal(body.errors.at(-1).message, '9950 more inputs are wrong.');
    const check = { program: bellOf().program, device: 'local/statevector', inputs };
    const checked = await service.hub.request('POST', '/v1/programs/check', { as: ada, body: check });
    assert.deepEqual([checked.body.valid, checked.body.errors.length], [false, 51]);
    assert.ok(JSON.stringify(checked.body).length < 20_000);
  });

  it('a garbage program in Q# gives a hundred errors and says that there are more', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `  let a${index} = b${index};`).join('\n');
    const program = { language: 'qsharp', source: `operation Main() : Unit {\n${lines}\n}` };
    const { body } = await service.submit(ada, { ...bellOf(), device: 'local/qsharp', program });
    assert.equal(body.errors.length, 101);
    assert.match(body.errors.at(-1).message, /^\d+ more errors are not listed$/);
    assert.match(body.detail, /at least 50 errors/);
  });

  it('features, qubits and observables that the device does not have are refused', async () => {
    const t = openqasm('OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[30] q;\nt q[0];');
    const wide = await service.submit(ada, { ...bellOf(), program: t });
    assert.deepEqual([wide.body.errors[0].code, wide.body.errors[0].line], ['limit', 1]);
    const request = { kind: 'expectation', observables: ['Z7'] };
    const high = await service.submit(ada, { ...bellOf(), request });
    assert.equal(high.body.errors[0].code, 'index');
    const nonsense = await service.submit(ada, {
      ...bellOf(),
      request: { kind: 'expectation', observables: ['Q'] },
    });
    assert.deepEqual([nonsense.status, nonsense.body.code], [422, 'execution.observable_invalid']);
  });

  it('Q# without an entry point is refused, and one that does not compile at its line', async () => {
    const qsharp = (source: string) => ({
      ...bellOf(),
      device: 'local/qsharp',
      program: { language: 'qsharp', source },
    });
    const none = await service.submit(
      ada,
      qsharp('operation A() : Result { use q = Qubit(); return M(q); }'),
    );
    assert.match(none.body.errors[0].message, /entry point/);
    const wrong = await service.submit(ada, qsharp('operation Main() : Result {\n  return x;\n}'));
    assert.equal(wrong.body.errors[0].line, 2);
  });

  after(async () => assert.equal(await jobsOf(ada), 0, 'none of them made a job'));
});

describe('requests that are wrong', () => {
  for (const [what, change, status, code] of [
    ['an unknown device', { device: 'local/nowhere' }, 404, 'execution.device_not_found'],
    ['too many shots', { shots: 10_000_000 }, 422, 'execution.shots_out_of_range'],
    ['a language of another device', { device: 'local/qsharp' }, 422, 'execution.language_not_served'],
    [
      'a request that the device does not serve',
      { request: { kind: 'resources' }, shots: undefined, seed: undefined },
      422,
      'execution.request_not_served',
    ],
    ['a priority for operators', { priority: 'urgent' }, 403, 'execution.priority_not_allowed'],
    ['a time that is over', { scheduledFor: '2020-01-01T00:00:00Z' }, 422, 'execution.schedule_out_of_range'],
    [
      'a time in a year',
      { scheduledFor: new Date(Date.now() + 366 * 86_400_000).toISOString() },
      422,
      'execution.schedule_out_of_range',
    ],
    [
      'a memory that no result holds',
      { memory: true, shots: 1_000_000, program: openqasm(`OPENQASM 3.0;\nbit[100] c;`) },
      422,
      'execution.memory_too_large',
    ],
    ['inputs of two megabytes', { inputs: { a: 'x'.repeat(2_000_000) } }, 422, 'execution.inputs_too_large'],
  ] as const) {
    it(`${what}: ${status} ${code}`, async () => {
      const answer = await service.submit(ada, { ...bellOf(), ...change });
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    });
  }

  for (const [what, change, path] of [
    ['a member that nobody knows', { shotz: 3 }, '/body'],
    [
      'observables for counts',
      { request: { kind: 'counts', observables: ['Z0'] } },
      '/body/request/observables',
    ],
    [
      'a memory of expectation values',
      { request: { kind: 'expectation', observables: ['Z0'] }, memory: true },
      '/body/memory',
    ],
    ['half a shot', { shots: 0.5 }, '/body/shots'],
    [
      'no base64',
      { program: { language: 'openqasm', source: '%%%', encoding: 'base64' } },
      '/body/program/source',
    ],
  ] as const) {
    it(`${what} is refused at its place`, async () => {
      const answer = await service.submit(ada, { ...bellOf(), ...change });
      assert.equal(answer.status, 400);
      assert.ok(
        answer.body.errors.some((each: { path: string }) => each.path === path),
        JSON.stringify(answer.body),
      );
    });
  }
});

describe('an idempotency key', () => {
  it('gives the same job for the same request, however its members are ordered, and refuses another', async () => {
    const eve = await service.person();
    const headers = { 'idempotency-key': 'once' };
    const [first, second] = await Promise.all([
      service.submit(eve, bellOf(), headers),
      service.submit(eve, Object.fromEntries(Object.entries(bellOf()).reverse()), headers),
    ]);
    assert.deepEqual([first.status, second.status].sort(), [200, 201]);
    assert.equal(first.body.id, second.body.id);
    const third = await service.submit(eve, bellOf(), headers);
    assert.deepEqual([third.status, third.headers.get('idempotency-replayed')], [200, 'true']);
    const other = await service.submit(eve, bellOf(5), headers);
    assert.deepEqual([other.status, other.body.code], [409, 'execution.idempotency_key_reused']);
    const someone = await service.submit(await service.person(), bellOf(), headers);
    assert.equal(someone.status, 201, 'keys are each user’s own');
    assert.equal(await jobsOf(eve), 1);
  });
});

describe('limits and defaults', () => {
  it('so many unfinished jobs, and no more: 429 with the number', async () => {
    const eve = await service.person();
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.submit(eve, bellOf())));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    assert.equal(refused?.body.code, 'execution.too_many_jobs');
    assert.match(refused?.body.detail, /\b3\b/);
  });

  it('seed, shots, name and priority are filled in and told', async () => {
    const eve = await service.person({ roles: ['operator'] });
    const { device, program } = bellOf();
    const { body } = await service.submit(eve, { device, program, priority: 'urgent' });
    assert.ok(Number.isSafeInteger(body.seed));
    assert.deepEqual([body.shots, body.priority, body.status], [1024, 'urgent', 'queued']);
    assert.equal(body.name, 'a job on local/statevector');
    assert.equal(body.program.language, 'openqasm3');
    assert.ok(body.queue.position >= 1 && body.queue.position <= body.queue.depth);
  });

  it('a job for later waits for its time', async () => {
    const eve = await service.person();
    const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await service.submit(eve, { ...bellOf(), scheduledFor });
    assert.deepEqual([body.status, body.scheduledFor, body.queue], ['created', scheduledFor, undefined]);
  });
});
