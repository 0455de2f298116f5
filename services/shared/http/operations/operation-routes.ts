import { createHash, timingSafeEqual } from 'node:crypto';
import { catalogue, hubError, isErrorCode } from '@quantum-hub/kernel';
import { z } from 'zod';
import { Answer } from '../answers/answer.ts';
import { type Route, route } from '../route.ts';
import { errorPage } from './error-page.ts';
import type { Metrics } from './metrics.ts';

/** One thing that has to be well before requests are sent here. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** For operators; told to everybody who can reach the port: no host, no path, no login. */
  readonly text: string;
}

export interface OperationOptions {
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  readonly metrics: Metrics;
  /** What a scraper from elsewhere has to send; without one only this machine gets the figures. */
  readonly metricsToken?: string;
}

const health = z
  .object({ status: z.literal('alive') })
  .meta({ id: 'Health', examples: [{ status: 'alive' }] });
const readiness = z
  .object({
    status: z.enum(['ready', 'not ready']),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() })),
  })
  .meta({
    id: 'Readiness',
    examples: [{ status: 'ready', checks: [{ name: 'database', ok: true, text: 'answers in 1 ms' }] }],
  });

const tag = 'Operations';
const htmlPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** What operators and their machines ask: no data of anybody's. */
export function operationRoutes(options: OperationOptions): readonly Route[] {
  return [healthRoute(), readyRoute(options), metricsRoute(options), errorPageRoute()];
}

function healthRoute() {
  return route({
    method: 'GET',
    path: '/healthz',
    name: 'getHealth',
    summary:
      'Whether the process answers; says nothing about the database, so that nobody restarts it for that.',
    tag,
    access: 'public',
    answers: { 200: health },
    handle: async () => ({ status: 'alive' as const }),
  });
}

function readyRoute(options: OperationOptions) {
  return route({
    method: 'GET',
    path: '/readyz',
    name: 'getReadiness',
    summary: 'Whether requests can be served: the database answers and no migration is pending.',
    tag,
    access: 'public',
    answers: { 200: readiness, 503: readiness },
    examples: {
      answers: {
        503: {
          status: 'not ready',
          checks: [{ name: 'migrations', ok: false, text: '1 pending; run `npx qhub db migration up`' }],
        },
      },
    },
    handle: async ({ stopping }) => {
      const checks = [
        { name: 'server', ok: !stopping.aborted, text: stopping.aborted ? 'is being stopped' : 'is up' },
        ...(await options.readiness()),
      ];
      const ok = checks.every((check) => check.ok);
      return new Answer(ok ? 200 : 503, { status: ok ? 'ready' : 'not ready', checks });
    },
  });
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1)$/;
const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** The password of `Authorization: Basic`; empty without one. */
function passwordOf({ authorization = '' }: Readonly<Record<string, string | undefined>>): string {
  const encoded = /^Basic +(\S+)$/i.exec(authorization)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':');
}

function metricsRoute({ metrics, metricsToken }: OperationOptions) {
  return route({
    method: 'GET',
    path: '/metrics',
    name: 'getMetrics',
    summary:
      'Figures for Prometheus: from this machine, or with QHUB_METRICS_TOKEN as the password of basic authentication.',
    tag,
    access: 'public',
    answers: { 200: z.string() },
    mediaTypes: { 200: 'text/plain; version=0.0.4; charset=utf-8' },
    errors: ['http.route_not_found'],
    examples: {
      answers: { 200: 'qhub_http_requests_total{method="GET",route="/healthz",status="200"} 1\n' },
    },
    handle: async ({ client, headers }) => {
      // A proxy on this machine that is not said to be one would make the whole world local.
      const forwarded = headers['x-forwarded-for'] ?? headers.forwarded;
      const local = loopback.test(client.address) && forwarded === undefined;
      const known =
        metricsToken !== undefined && timingSafeEqual(sha256(passwordOf(headers)), sha256(metricsToken));
      if (!local && !known) throw hubError('http.route_not_found', { route: '/metrics' });
      return await metrics.text();
    },
  });
}

function errorPageRoute() {
  return route({
    method: 'GET',
    path: '/errors/:code',
    name: 'getErrorPage',
    summary: 'What an error code means and what to do: the page that `type` of a problem names.',
    tag,
    access: 'public',
    params: z.object({ code: z.string().max(100) }),
    answers: { 200: z.string() },
    mediaTypes: { 200: 'text/html; charset=utf-8' },
    errors: ['http.route_not_found'],
    examples: { answers: { 200: '<!doctype html><title>kernel.invalid_value</title>' } },
    handle: async ({ params: { code } }) => {
      if (!isErrorCode(code)) throw hubError('http.route_not_found', { route: `/errors/${code}` });
      return new Answer(200, errorPage(code, catalogue[code]), {
        'content-security-policy': htmlPolicy,
        'cache-control': 'public, max-age=3600',
      });
    },
  });
}
