/** Which parts the hub is made of: the only place where services, devices and the server meet. */
import type { ServiceName } from '@quantum-hub/database/admin';
import type { Authenticate, GaugeSource, Limiter, ReadinessCheck, ServiceRoutes } from '@quantum-hub/http';
import type { Log } from './log.ts';
import type { HubSettings } from './settings.ts';

/** What the parts of a process give to its server. */
export interface Composition extends AsyncDisposable {
  readonly services: readonly ServiceRoutes[];
  readonly authenticate: Authenticate;
  readonly gauges: readonly GaugeSource[];
  readonly readiness: readonly (() => Promise<readonly ReadinessCheck[]>)[];
}

export interface ComposeOptions {
  readonly settings: HubSettings;
  readonly services: readonly ServiceName[];
  readonly limiter: Limiter;
  readonly log: Log;
}

/** Starts the parts; disposing of the result stops them, after the server and before the database. */
export async function compose(_options: ComposeOptions): Promise<Composition> {
  return {
    services: [],
    authenticate: async () => undefined,
    gauges: [],
    readiness: [],
    async [Symbol.asyncDispose]() {},
  };
}
