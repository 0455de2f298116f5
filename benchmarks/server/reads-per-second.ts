import { createTestDatabase } from '@quantum-hub/database/testing';
import type { Measured } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { median, quantile } from '../harness/statistics.ts';
import { startBareServer } from './bare-server.ts';
import { startHubServer } from './hub-server.ts';
import { type Answers, load } from './load.ts';
import { makeReader } from './reader.ts';
import type { Served } from './served.ts';
import type { ServerSizes } from './sizes.ts';

/** What the hub shall reach of a bare route's speed. */
const ofBareRoute = 0.6;

/** (d) `GET /v1/me` with an API key: the hub against a bare route that looks up and reads the same, and a crowd of clients. */
export async function readsPerSecond(sizes: ServerSizes): Promise<Comparison[]> {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await createTestDatabase());
  const key = await makeReader(place);
  const bare = stack.use(await startBareServer(place, key));
  const hub = stack.use(await startHubServer(place, key));
  await requireSameAnswer(bare, hub);
  return [await sideBySide([bare, hub], sizes), await crowd(hub, sizes)];
}

async function sideBySide(servers: readonly Served[], { rounds, reads }: ServerSizes): Promise<Comparison> {
  const seen = new Map<Served, Answers[]>(servers.map((server) => [server, []]));
  for (const server of servers) await load(server, reads);
  for (let round = 0; round < rounds; round += 1) {
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const answers = await load(server, reads);
      if (answers.failed > 0) throw new Error(`${server.name}: ${answers.failed} requests failed`);
      seen.get(server)?.push(answers);
    }
  }
  const base = seen.get(servers[0] as Served) as Answers[];
  const rows = servers.map((server) => summary(server.name, seen.get(server) as Answers[], base));
  return {
    title: 'GET /v1/me with an API key',
    plan: { rounds, roundMs: reads.seconds * 1000, concurrency: reads.connections },
    rows,
    aims: [
      { what: 'the hub against a bare route', value: rows[1]?.ratio ?? Number.NaN, atLeast: ofBareRoute },
    ],
    notes: [
      'both look the key up and read the account, each in a transaction with role and actor; the hub also limits, checks, logs and counts',
    ],
  };
}

/** The ratio is that of the medians: each round takes seconds, so one that was disturbed is one of few. */
function summary(name: string, rounds: readonly Answers[], base: readonly Answers[]): Measured {
  const speeds = (of: readonly Answers[]) => of.map(({ perSecond }) => perSecond);
  const ratios = rounds.map(({ perSecond }, round) => perSecond / (base[round] as Answers).perSecond);
  return {
    name,
    ratio: median(speeds(rounds)) / median(speeds(base)),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    perSecond: median(speeds(rounds)),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p95Ms: median(rounds.map(({ p95Ms }) => p95Ms)),
  };
}

async function crowd(hub: Served, { crowd: asked }: ServerSizes): Promise<Comparison> {
  const answers = await load(hub, asked);
  const { perSecond, p50Ms, p95Ms, longestMs, failed } = answers;
  return {
    title: `${asked.connections} clients at once`,
    plan: { rounds: 1, roundMs: asked.seconds * 1000, concurrency: asked.connections },
    rows: [{ name: hub.name, ratio: 1, quartiles: [1, 1], perSecond, p50Ms, p95Ms, longestMs }],
    aims: [
      { what: 'requests that failed, were cut or refused', value: failed, atMost: 0 },
      { what: 'requests answered for each client', value: answers.answered / asked.connections, atLeast: 1 },
    ],
  };
}

/** Two servers that answer differently are not compared. */
async function requireSameAnswer(bare: Served, hub: Served): Promise<void> {
  const [expected, given] = await Promise.all([bare, hub].map(readOnce));
  if (expected?.id !== given?.id || given?.id === undefined) {
    throw new Error(`the hub answered ${JSON.stringify(given)}; expected ${JSON.stringify(expected)}`);
  }
}

async function readOnce({ url, headers }: Served): Promise<Record<string, unknown>> {
  return (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
}
