// docs/job-states.md: the states of a job with their drawing, and what is tried again, made of the code that decides.
import { failureClasses, isFinal, type JobStatus, jobStates } from '../../services/execution/index.ts';
import { type Document, generatedMark } from './documents.ts';
import { blocks, code, link, table } from './markdown.ts';

const introduction = `
A job is in one of seven states. It goes along the arrows below and along no others: the database refuses every other step
(\`hub.keep_finished\`), whoever asks, and a final state never changes. Every step is a row of \`execution.job_events\` with its time, its
number and who made it; every start is a row of \`execution.job_attempts\` with the worker, the device as it was then, and how it ended.
A failed or cancelled job says why twice: a code for programs, which never changes its meaning, and a sentence for people.
`;

const waiting = `
The small table \`execution.job_queue\` holds the jobs that are not over; there a job that waits for its time (\`scheduledFor\`, or a pause before
the next try) is \`waiting\`, so that those who claim never walk past it. Who goes next on a device: of the users who wait, the one least
recently started there; of that user's jobs, the one with the highest priority, then the oldest. A device runs as many jobs at
once as it has rows in \`execution.device_slots\`, exactly.

A worker holds a job by a lease with a token, renewed every second. Every later write says the token, so a worker that was too slow or cut off
writes nothing. A killed worker is noticed by the lock that its connection held: its jobs wait again after some two seconds.
Messages (\`NOTIFY\`) only make it fast: whoever waits for one looks every second anyway.
`;

const retries = `
When an attempt fails, the kind of its error decides whether the job is tried again, at most as often as its \`maxAttempts\` says (3 unless
it was submitted with another number). Pauses double and are drawn from their upper half. A job that a stopping worker hands back has not
failed: it waits again at once.
`;

const words: Readonly<Record<string, string>> = {
  user: 'its user',
  worker: 'the worker',
  reaper: 'the reaper of lost workers',
  operator: 'an operator',
  scheduler: 'the clock',
};

type Arrow = { readonly when: string; readonly by: readonly string[] };
const states = Object.entries(jobStates) as [JobStatus, { meaning: string; arrows: Record<string, Arrow> }][];

function drawing(): string {
  const arrows = states.flatMap(([from, { arrows: ways }]) =>
    Object.entries(ways).map(([to, { when }]) => `  ${from} --> ${to}: ${when}`),
  );
  const ends = states.filter(([name]) => isFinal(name)).map(([name]) => `  ${name} --> [*]`);
  const starts = ['created', 'queued'].map((name) => `  [*] --> ${name}`);
  return ['```mermaid', 'stateDiagram-v2', ...starts, ...arrows, ...ends, '```'].join('\n');
}

function pause({ retry }: (typeof failureClasses)[keyof typeof failureClasses]): string {
  if (!retry) return 'no';
  const first = retry.firstDelayMs === 0 ? 'at once' : `after ${retry.firstDelayMs / 1000} s`;
  return `${first}, then longer, up to ${retry.longestDelayMs / 1000} s`;
}

export function jobStatesPage(): Document {
  return {
    path: 'docs/job-states.md',
    text: blocks(
      generatedMark,
      '# The states of a job',
      introduction,
      drawing(),
      table(
        ['state', 'meaning', 'final'],
        states.map(([name, { meaning }]) => [code(name), meaning, isFinal(name) ? 'yes' : '']),
      ),
      '## Steps',
      table(
        ['from', 'to', 'when', 'by'],
        states.flatMap(([from, { arrows }]) =>
          Object.entries(arrows).map(([to, { when, by }]) => [
            code(from),
            code(to),
            when,
            by.map((origin) => words[origin] ?? origin).join(', '),
          ]),
        ),
      ),
      '## Waiting and running',
      waiting,
      '## What is tried again',
      retries,
      table(
        ['kind', 'what it means', 'tried again'],
        Object.entries(failureClasses).map(([kind, each]) => [code(kind), each.meaning, pause(each)]),
      ),
      `Codes: ${link('errors', 'errors/execution.md')}. Tables: ${link('data model', 'data-model.md')}.`,
    ),
  };
}
