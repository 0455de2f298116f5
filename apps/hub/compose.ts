import { QueueWatch, queueGauges } from '@quantum-hub/execution';
import type { Authenticate, GaugeSource, ReadinessCheck, ServiceRoutes } from '@quantum-hub/http';
import {
  type AdministratorKey,
  ensureAdministrator,
  startAuthentication,
  startIdentity,
} from '@quantum-hub/identity';
import type { ProcessRole } from './command-line.ts';
import type { ComposeOptions } from './compose-options.ts';
import {
  executionAccounts,
  registerLocalDevices,
  startExecutionApi,
  startExecutionUpkeep,
  startWorker,
} from './execution-parts.ts';

/** What the parts of a process give to its server. */
export interface Composition extends AsyncDisposable {
  readonly services: readonly ServiceRoutes[];
  readonly authenticate: Authenticate;
  readonly gauges: readonly GaugeSource[];
  readonly readiness: readonly (() => Promise<readonly ReadinessCheck[]>)[];
  /** At the first start of a hub: its administrator, whose key is shown now and never again. */
  readonly administrator: AdministratorKey | undefined;
}

/** Starts the parts; disposing of the result stops them, after the server and before the database. */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { role, services } = options;
  await using undo = new AsyncDisposableStack();
  const parts = undo.use(new AsyncDisposableStack());
  const does = (name: ProcessRole) => role === 'all' || role === name;
  const runs = services.includes('execution');
  if (runs) await registerLocalDevices(options);
  const works = [
    ...(runs && does('scheduler') ? [await startExecutionUpkeep(options, parts)] : []),
    ...(runs && does('worker') ? [await startWorker(options, parts)] : []),
  ];
  const queues = new QueueWatch();
  const api = does('api') ? await startApiParts({ ...options, queues }, parts) : nothingServed;
  undo.move();
  return {
    ...api,
    gauges: runs ? queueGauges(queues) : [],
    // A server that answers requests goes on doing so while its worker connects anew.
    readiness: does('api') ? [] : works,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

type ApiParts = Pick<Composition, 'services' | 'authenticate' | 'administrator'>;

const nothingServed: ApiParts = {
  services: [],
  authenticate: async () => undefined,
  administrator: undefined,
};

async function startApiParts(
  options: ComposeOptions & { readonly queues: QueueWatch },
  parts: AsyncDisposableStack,
): Promise<ApiParts> {
  const { services } = options;
  const served: ServiceRoutes[] = [];
  let { authenticate, administrator } = nothingServed;
  if (services.includes('identity')) {
    const identity = parts.use(await startIdentityPart(options, parts));
    served.push(identity.routes);
    authenticate = identity.authenticate;
    administrator = await ensureAdministrator();
  } else {
    const { log } = options;
    const authentication = startAuthentication({
      as: services[0] as 'execution',
      log: (message, error) => log.error({ err: error }, message),
    });
    authenticate = parts.use(authentication).authenticate;
  }
  if (services.includes('execution')) served.push(await startExecutionApi(options, parts));
  return { services: served, authenticate, administrator };
}

async function startIdentityPart(options: ComposeOptions, parts: AsyncDisposableStack) {
  const { settings, limiter, secretKey, log, publicUrl } = options;
  return await startIdentity({
    limiter,
    secretKey,
    publicUrl,
    mail: settings.mail,
    // Jobs are the account's, whichever process of the hub runs them.
    participants: [await executionAccounts(options, parts)],
    log: (message, error) => log.error({ err: error }, message),
  });
}
