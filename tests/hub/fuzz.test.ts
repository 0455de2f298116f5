/** Guarantee: whatever is sent to whatever route, the answer is one that the document declares: never a 5xx, never an inside. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { openApiText } from '../../apps/hub/openapi.ts';
import { type FullHub, type Person, type Reply, startFullHub } from './test-full-hub.ts';
import { type FuzzedRequest, type JsonSchema, type OpenApi, requestsOf } from './test-requests.ts';

const document: OpenApi = JSON.parse(openApiText());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
);
/** 5,000 in CI; fewer where a person waits. */
const requests = process.env.CI ? 5000 : 500;

let hub: FullHub;
const people = new Map<string, Person>();
let ids: string[];

before(async () => {
  hub = await startFullHub();
  people.set('consumer', await hub.person());
  people.set('administrator', await hub.person(['administrator', 'operator']));
  const victim = await hub.person();
  const body = { name: 'laptop', scopes: ['identity:read'] };
  const { body: key } = await hub.request('POST', '/v1/keys', { as: victim.token, body });
  ids = [victim.id, key.id];
});
after(async () => await hub[Symbol.asyncDispose]());

/** Of the document, not of the code: references become definitions of their own. */
function validatorOf(schema: JsonSchema): z.ZodType {
  const known = validators.get(schema);
  if (known) return known;
  const whole = { ...schema, $defs: document.components.schemas };
  const text = JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/');
  const made = z.fromJSONSchema(JSON.parse(text));
  validators.set(schema, made);
  return made;
}
const validators = new Map<JsonSchema, z.ZodType>();

/** A session that a request has ended is begun anew; whoever deleted their account is somebody else now. */
async function tokenOf(who: string): Promise<string | undefined> {
  const person = people.get(who);
  if (!person) return undefined;
  if ((await hub.request('GET', '/v1/me', { as: person.token })).status === 200) return person.token;
  const again = await hub.signIn(person).then(
    () => person,
    () => hub.person(who === 'administrator' ? ['administrator', 'operator'] : ['consumer']),
  );
  people.set(who, again);
  return again.token;
}

function judge({ operation, method, path, body }: FuzzedRequest, reply: Reply): void {
  const about = `${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 600)}`;
  assert.ok(reply.status < 500, about);
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  assert.doesNotMatch(text, /node_modules|\.ts:\d+|at async |SELECT |insert into|PostgresFault/, about);
  const declared = operation.responses[String(reply.status)];
  assert.ok(declared, `${about}\nis not declared`);
  if (!declared.content || reply.body === '') return;
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  const media = declared.content[type];
  assert.ok(media, `${about}\nhas the type ${type}`);
  if (!type.includes('json')) return;
  assert.deepEqual(validatorOf(media.schema).safeParse(reply.body).error?.issues, undefined, about);
}

test(`${requests} requests made of the document get answers of the document`, async () => {
  const request = fc.constantFrom(...operations).chain((operation) => requestsOf(document, operation, ids));
  const statuses = new Map<number, number>();
  const faulty = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(request, fc.constantFrom('nobody', 'consumer', 'administrator'), async (made, who) => {
      const as = await tokenOf(who);
      const reply = await hub.request(made.method, made.path, { as, body: made.body, headers: made.headers });
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      try {
        judge(made, reply);
      } catch (error) {
        // All kinds of faults of one run are told, each by its first request.
        const kind = `${made.operation.operationId} ${reply.status} ${reply.body?.code}`;
        if (!faulty.has(kind)) faulty.set(kind, (error as Error).message.slice(0, 1000));
      }
    }),
    { numRuns: requests },
  );
  assert.deepEqual(Object.fromEntries(faulty), {});
  // A fuzz that only ever hears 400 tests the door.
  const fine = [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0);
  assert.ok(fine > requests / 20, `${fine} of ${requests} were fine: ${JSON.stringify([...statuses])}`);
  const faults = hub.log.filter((line) => /"level":"(error|fatal)"/.test(line));
  assert.deepEqual(faults, []);
});
