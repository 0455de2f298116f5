/** Routes for the tests of this room: one of each kind, none of which touches a database. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Answer, StreamAnswer } from './answers/answer.ts';
import { etagOf, requireMatch } from './answers/etag.ts';
import { eventStream } from './answers/event-stream.ts';
import { type Route, route, type ServiceRoutes } from './route.ts';

const thing = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Thing' });
const base = { tag: 'Things', summary: 'For tests.' } as const;
const read = { scope: 'execution:read' } as const;
const write = { scope: 'execution:write' } as const;

/** The version of the thing that there is, for conditional requests. */
export const thingTag = etagOf({ id: 'thing', updatedAt: '2026-11-23 00:00:00.000001+00' });

export const thingRoutes: readonly Route[] = [
  route({
    ...base,
    method: 'GET',
    path: '/v1/things/:id',
    name: 'getThing',
    access: read,
    conditional: true,
    params: z.object({ id: z.string().max(20) }),
    query: z.object({ verbose: z.enum(['yes', 'no']).optional() }),
    answers: { 200: thing },
    errors: ['execution.job_not_found'],
    handle: async ({ params: { id } }) =>
      new Answer(200, { id, name: 'thing', passwordHash: 'never shown' }, { etag: thingTag }),
  }),
  route({
    ...base,
    method: 'PATCH',
    path: '/v1/things/:id',
    name: 'changeThing',
    access: { ...write, role: 'operator' },
    conditional: true,
    params: z.object({ id: z.string() }),
    body: z.strictObject({ name: z.string().min(1).max(10), size: z.int().optional() }),
    answers: { 200: thing },
    handle: async ({ params: { id }, body: { name }, headers }) => {
      requireMatch(headers, thingTag);
      return { id, name };
    },
  }),
  route({
    ...base,
    method: 'POST',
    path: '/v1/things',
    name: 'makeThing',
    access: { ...write, sessionOnly: true },
    body: z.strictObject({ name: z.string() }),
    answers: { 201: thing },
    handle: async ({ body: { name } }) => ({ id: '1', name }),
  }),
  route({
    ...base,
    method: 'POST',
    path: '/v1/sign-in',
    name: 'signInThing',
    access: 'public',
    limit: 'sign-in',
    body: z.strictObject({ account: z.string() }),
    answers: { 204: null },
    handle: async () => new Answer(204),
  }),
];

/** Routes that fail in ways that no caller may see. */
export const faultyRoutes: readonly Route[] = [
  route({
    ...base,
    method: 'GET',
    path: '/v1/broken',
    name: 'getBroken',
    access: 'public',
    answers: { 200: z.string() },
    handle: async () => {
      throw new Error('secret of the inside: postgres://hub:hunter2@db/x');
    },
  }),
  route({
    ...base,
    method: 'GET',
    path: '/v1/misshapen',
    name: 'getMisshapen',
    access: 'public',
    answers: { 200: thing },
    handle: async () => ({ id: 1 }),
  }),
];

/** Routes that wait until a test lets them go; `entered` resolves with each call that has arrived. */
export function waitingRoutes() {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const aborted: string[] = [];
  const at = (path: string, name: string) => ({
    ...base,
    method: 'GET' as const,
    path,
    name,
    access: 'public' as const,
    answers: { 200: z.string() },
  });
  const routes: readonly Route[] = [
    route({
      ...at('/v1/slow', 'getSlow'),
      handle: async ({ signal }) => {
        signal.addEventListener('abort', () => aborted.push('slow'));
        enter();
        await released;
        return 'finished';
      },
    }),
    route({
      ...at('/v1/hurried', 'getHurried'),
      maxSeconds: 0.05,
      handle: async ({ signal }) => {
        await new Promise((done) => signal.addEventListener('abort', done));
        aborted.push('hurried');
        return 'too late';
      },
    }),
    route({
      ...at('/v1/poll', 'getPoll'),
      handle: async ({ stopping }) => {
        enter();
        await new Promise((done) => stopping.addEventListener('abort', done));
        return 'nothing new';
      },
    }),
    route({
      ...at('/v1/events', 'getEvents'),
      answers: { 200: z.string() },
      handle: async ({ signal }) => {
        signal.addEventListener('abort', () => aborted.push('events'));
        const events = async function* () {
          yield { id: '1', event: 'made', data: { name: 'first' } };
          await released;
          yield { data: 'second' };
        };
        return eventStream({ signal, events: events(), heartbeatMs: 20 });
      },
    }),
    route({
      ...at('/v1/file', 'getFile'),
      handle: async () =>
        new StreamAnswer(200, Readable.from([Buffer.from('bytes')]), { 'content-type': 'text/plain' }),
    }),
  ];
  return { routes, entered, release, aborted };
}

export const asService = (...routes: readonly (readonly Route[])[]): ServiceRoutes => ({
  service: 'execution',
  routes: routes.flat(),
});
