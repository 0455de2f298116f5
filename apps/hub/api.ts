/** The HTTP side of a process: limits, server, figures, health. */
import type { Database } from '@quantum-hub/database';
import {
  backupStatusAt,
  type DatabaseConfig,
  pendingMigrationsSeen,
  type ServiceName,
} from '@quantum-hub/database/admin';
import {
  buildServer,
  createLimiter,
  type GaugeSource,
  type HubServer,
  keepHttpTables,
  type Limiter,
  Metrics,
  operationRoutes,
} from '@quantum-hub/http';
import type { Composition } from './compose.ts';
import type { Log } from './log.ts';
import { openApiText } from './openapi.ts';
import { readinessOf } from './readiness.ts';
import type { HubSettings } from './settings.ts';

export interface ApiOptions {
  readonly settings: HubSettings;
  readonly database: Database;
  readonly composition: Composition;
  readonly limiter: Limiter;
  readonly services: readonly [ServiceName, ...ServiceName[]];
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly config: DatabaseConfig;
}

export interface Api extends AsyncDisposable {
  readonly url: string;
}

/** The windows of limits are written as the first of the services: each of them may. */
export function limiterOf({ http }: HubSettings, [first]: readonly [ServiceName, ...ServiceName[]]): Limiter {
  return createLimiter(first, http.limits);
}

/** Builds the server and listens. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { settings, database, composition, limiter, services, host, port, log } = options;
  const metrics = metricsOf(options);
  const more = composition.readiness;
  const readiness = readinessOf({
    health: () => database.health(),
    pending: () => pendingMigrationsSeen(services[0]),
    more,
  });
  const operations = operationRoutes({
    readiness,
    metrics,
    metricsToken: settings.http.metricsToken?.reveal(),
  });
  const server = await buildServer({
    services: [{ service: 'hub', routes: operations }, ...composition.services],
    authenticate: composition.authenticate,
    limiter,
    log,
    metrics,
    openapi: openApiText(),
    publicUrl: settings.http.publicUrl,
    trustedProxies: settings.http.trustedProxies,
    corsOrigins: settings.http.corsOrigins,
    limits: { connections: settings.http.connections },
  });
  return await listen(server, { host, port, services, log });
}

async function listen(
  server: HubServer,
  { host, port, services, log }: Pick<ApiOptions, 'host' | 'port' | 'services' | 'log'>,
): Promise<Api> {
  try {
    const url = await server.listen({ host, port });
    const upkeep = keepHttpTables({ services, log });
    return {
      url,
      async [Symbol.asyncDispose]() {
        await server.close();
        await upkeep[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function metricsOf({ database, composition, config }: ApiOptions): Metrics {
  const metrics = new Metrics();
  const figure = (read: () => number) => () => [{ value: read() }];
  const pool: readonly GaugeSource[] = [
    {
      name: 'qhub_pool_connections',
      help: 'Connections to PostgreSQL that are open.',
      read: figure(() => database.poolFigures().total),
    },
    {
      name: 'qhub_pool_idle_connections',
      help: 'Connections that nobody uses.',
      read: figure(() => database.poolFigures().idle),
    },
    {
      name: 'qhub_pool_waiting',
      help: 'Units of work that wait for a connection.',
      read: figure(() => database.poolFigures().waiting),
    },
    {
      name: 'qhub_pool_max_connections',
      help: 'Connections at most.',
      read: figure(() => database.poolFigures().max),
    },
  ];
  for (const source of [...pool, backupAlarms(config), ...composition.gauges]) metrics.addGauge(source);
  return metrics;
}

/** Judged at most once a minute: it reads the folder of backups. */
function backupAlarms(config: DatabaseConfig): GaugeSource {
  let judged: { at: number; values: Promise<{ value: number; labels: { name: string } }[]> } | undefined;
  const judge = async () => {
    const { judgements } = await backupStatusAt(config);
    return judgements.map(({ name, ok }) => ({ value: ok ? 0 : 1, labels: { name } }));
  };
  return {
    name: 'qhub_backups_alarm',
    help: '1 where somebody has to look after backups; `npx qhub db backup status` says why.',
    labels: ['name'],
    read: () => {
      if (!judged || performance.now() - judged.at > 60_000)
        judged = { at: performance.now(), values: judge() };
      return judged.values;
    },
  };
}
