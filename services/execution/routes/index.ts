import type { ServiceRoutes } from '@quantum-hub/http';
import type { Hidden } from '@quantum-hub/kernel';
import { BlobLinks } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import type { ChangeSignals } from '../use-cases/change-signals.ts';
import type { QueueWatch } from '../use-cases/queue-watch.ts';
import type { SubmitDeps } from '../use-cases/submit-job.ts';
import { deviceRoutes } from './device-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { programRoutes } from './program-routes.ts';
import { resultRoutes } from './result-routes.ts';

export type ExecutionDeps = SubmitDeps & {
  readonly signals: ChangeSignals;
  readonly blobs: BlobStore;
  /** The one of the process. */
  readonly queues: QueueWatch;
  /** The hub's own key, the same in all of its processes. */
  readonly secret: Hidden<Uint8Array>;
  /** Where clients reach the hub; undefined: links to large results are paths. */
  readonly publicUrl?: string | undefined;
  /** How long such a link opens; default 15 minutes. */
  readonly linkSeconds?: number;
};

/** Devices, programs, jobs and their results over HTTP. */
export function executionRoutes({
  linkSeconds = 900,
  secret,
  publicUrl,
  queues,
  ...deps
}: ExecutionDeps): ServiceRoutes {
  const links = new BlobLinks(secret);
  const address = publicUrl?.replace(/\/+$/, '');
  return {
    service: 'execution',
    routes: [
      ...deviceRoutes(queues),
      ...programRoutes(deps),
      ...jobRoutes(deps),
      ...historyRoutes(deps.signals),
      ...resultRoutes({ ...deps, links, linkSeconds, publicUrl: address }),
    ],
  };
}
