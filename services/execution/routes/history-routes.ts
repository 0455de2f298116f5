import { eventStream, type Route, route, type StreamEvent } from '@quantum-hub/http';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { ChangeSignals } from '../use-cases/change-signals.ts';
import { type JobNews, listEvents, listJobAttempts, watchEvents } from '../use-cases/job-history.ts';
import { attemptJson, eventJson, jobAttemptSchema, jobEventSchema, newsEvent } from './job-json.ts';
import { jobParams } from './job-routes.ts';

const events = (signals: ChangeSignals) =>
  route({
    method: 'GET',
    path: '/v1/jobs/:id/events',
    name: 'listJobEvents',
    summary: 'What became of one of your jobs; as a stream of server-sent events as it happens.',
    description:
      'With `Accept: text/event-stream` the changes come as events named `job` with their number as id, and `progress` in between, until the job is finished. `Last-Event-ID`, or `after`, goes on behind an event.',
    tag: 'Jobs',
    access: { scope: 'execution:read' },
    params: jobParams,
    query: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(2_147_483_647)
        .default(0)
        .describe('The number of the last event that you know.'),
    }),
    answers: { 200: z.object({ items: z.array(jobEventSchema) }) },
    errors: ['execution.job_not_found', 'kernel.invalid_value'],
    async handle({ actor, params, query, headers, signal }) {
      const after = lastSeen(headers['last-event-id']) ?? query.after;
      if (!/(^|,)\s*text\/event-stream\b/i.test(headers.accept ?? '')) {
        return { items: (await listEvents(actor, params.id, after)).map(eventJson) };
      }
      const news = await watchEvents(signals, actor, params.id, { after, signal });
      return eventStream({ signal, events: asEvents(news) });
    },
  });

async function* asEvents(news: AsyncIterable<JobNews>): AsyncGenerator<StreamEvent> {
  for await (const each of news) yield newsEvent(each);
}

function lastSeen(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw hubError('kernel.invalid_value', {
    name: 'Last-Event-ID',
    value: header.slice(0, 100),
    expected: 'the id of an event of this job',
  });
}

const attempts = route({
  method: 'GET',
  path: '/v1/jobs/:id/attempts',
  name: 'listJobAttempts',
  summary: 'The starts of one of your jobs, each with the device as it was then.',
  tag: 'Jobs',
  access: { scope: 'execution:read' },
  params: jobParams,
  answers: { 200: z.object({ items: z.array(jobAttemptSchema) }) },
  errors: ['execution.job_not_found'],
  async handle({ actor, params }) {
    return { items: (await listJobAttempts(actor, params.id)).map(attemptJson) };
  },
});

export function historyRoutes(signals: ChangeSignals): readonly Route[] {
  return [events(signals), attempts];
}
