import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defaultSandboxLimits, localChecker, localDevices } from '@quantum-hub/devices';
import {
  type BlobStore,
  ExecutionAccounts,
  executionRoutes,
  JobSignals,
  openBlobStore,
  type QueueWatch,
  Reaper,
  readBlobPlace,
  reaperReadiness,
  registerDevices,
  runKit,
  sweepBlobs,
  Worker,
  workerReadiness,
} from '@quantum-hub/execution';
import type { ReadinessCheck, ServiceRoutes } from '@quantum-hub/http';
import { clearDeletedAccounts } from '@quantum-hub/identity';
import { Hidden } from '@quantum-hub/kernel';
import { Cron } from 'croner';
import type { ComposeOptions } from './compose-options.ts';
import type { BlobSettings } from './settings.ts';
import { workerLog } from './worker-log.ts';

/** Each run has a process that takes a core; a second one keeps a long job from holding up all others. */
const jobsOfThisMachine = Math.max(2, availableParallelism());
/** Orphans are rare and harm nobody: once a night is enough. */
const sweepAt = '17 3 * * *';

/** Jobs, results and devices over HTTP; what it uses is stopped with `parts`. */
export async function startExecutionApi(
  options: ComposeOptions & { readonly queues: QueueWatch },
  parts: AsyncDisposableStack,
): Promise<ServiceRoutes> {
  const { settings, place, secretKey, queues } = options;
  const blobs = await openBlobs(options, parts);
  return executionRoutes({
    blobs,
    checker: parts.use(localChecker()),
    queues,
    signals: parts.use(await JobSignals.start({ connection: place.direct })),
    secret: new Hidden<Uint8Array>(Buffer.from(secretKey.reveal())),
    publicUrl: settings.http.publicUrl,
    limits: { unfinishedPerUser: settings.jobs.perUser },
  });
}

type Placed = Pick<ComposeOptions, 'settings' | 'place'>;

async function openBlobs({ settings, place }: Placed, parts: AsyncDisposableStack): Promise<BlobStore> {
  return parts.use(await openBlobStore(blobPlace(settings.blobs, place.config.home)));
}

/** What identity asks of execution when an account is exported or ends. */
export async function executionAccounts(
  options: Placed,
  parts: AsyncDisposableStack,
): Promise<ExecutionAccounts> {
  return new ExecutionAccounts({ blobs: await openBlobs(options, parts) });
}

/** How a part of a process stands, for /readyz. */
type Readiness = () => Promise<readonly ReadinessCheck[]>;

/** Runs jobs on the simulators of this machine. */
export async function startWorker(
  { settings, place, log }: ComposeOptions,
  parts: AsyncDisposableStack,
): Promise<Readiness> {
  const blobs = await openBlobs({ settings, place }, parts);
  const { milliseconds } = defaultSandboxLimits();
  const worker = parts.use(
    await Worker.start({
      connection: place.direct,
      devices: await localDevices(),
      kit: runKit({ blobs, inlineBytes: settings.resultInlineBytes }),
      maxRunSeconds: milliseconds / 1000,
      concurrency: settings.jobs.perWorker ?? jobsOfThisMachine,
      runningPerUser: settings.jobs.runningPerUser,
      stopMs: settings.jobs.stopSeconds * 1000,
      log: workerLog(log),
    }),
  );
  return async () => workerReadiness(worker);
}

/** What comes at its time: lost and due jobs also where no worker is up, and documents that no result names. */
export async function startExecutionUpkeep(
  { settings, place, log }: ComposeOptions,
  parts: AsyncDisposableStack,
): Promise<Readiness> {
  const blobs = await openBlobs({ settings, place }, parts);
  const reaper = parts.use(new Reaper({ log: workerLog(log) }));
  const accounts = new ExecutionAccounts({ blobs });
  const sweep = new Cron(sweepAt, { protect: true, unref: true }, async () => {
    await clearOnce(accounts, log);
    await sweepOnce(blobs, log);
  });
  parts.defer(() => sweep.stop());
  return async () => [reaperReadiness(reaper)];
}

/** Before the sweep, which takes the documents that are named by nobody then. */
async function clearOnce(accounts: ExecutionAccounts, log: ComposeOptions['log']): Promise<void> {
  try {
    const cleared = await clearDeletedAccounts([accounts]);
    log.info({ accounts: cleared }, 'jobs of deleted accounts were looked through');
  } catch (error) {
    log.error({ err: error }, 'clearing jobs of deleted accounts failed; it is tried again tomorrow');
  }
}

async function sweepOnce(blobs: BlobStore, log: ComposeOptions['log']): Promise<void> {
  try {
    const { seen, removed } = await sweepBlobs({ blobs });
    log.info({ seen, removed }, 'documents that no result names were looked for');
  } catch (error) {
    log.error(
      { err: error },
      'looking for documents that no result names failed; it is tried again tomorrow',
    );
  }
}

/**
 * Tells the database what this hub can run; several processes that do so write the same. How many jobs a simulator runs at once is for
 * the process that schedules to say: a worker bounds what its own machine bears, so more workers run more (docs/jobs-and-results.md).
 */
export async function registerLocalDevices({
  settings,
  role,
}: Pick<ComposeOptions, 'settings' | 'role'>): Promise<void> {
  const slots = settings.jobs.perSimulator;
  const devices = await localDevices();
  await registerDevices(
    devices.map(({ profile }) => ({ profile, simulator: true, slots })),
    { keepsSlots: role !== 'all' && role !== 'scheduler' },
  );
}

function blobPlace({ folder, s3 }: BlobSettings, home: string) {
  if (s3 === undefined) return readBlobPlace({ place: folder ?? join(home, 'blobs') });
  const place = `s3://${s3.bucket}${s3.prefix ? `/${s3.prefix}` : ''}`;
  return readBlobPlace({ place, endpoint: s3.endpoint, region: process.env.AWS_REGION });
}
