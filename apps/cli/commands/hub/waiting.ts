import type { HubClient } from '@quantum-hub/client';
import { counted } from '../../output.ts';

/** What keeps a queued job waiting, for whoever watches it; undefined when it waits no longer. */
export async function waitingText(hub: HubClient, id: string): Promise<string | undefined> {
  const job = await hub.ask((api) => api.GET('/v1/jobs/{id}', { params: { path: { id } } }));
  if (job.status !== 'queued') return undefined;
  const [platform = '', name = ''] = job.device.split('/');
  const { status } = await hub.ask((api) =>
    api.GET('/v1/devices/{platform}/{name}', { params: { path: { platform, name } } }),
  );
  if (status !== 'online') {
    return `it waits: ${job.device} is ${status === 'maintenance' ? 'in maintenance' : status}, until an operator enables it`;
  }
  const { ahead = 0, exact = true } = job.queue ?? {};
  if (ahead === 0) {
    return 'it waits: no job starts before it, but its device or your limit of running jobs is full, or no worker is up';
  }
  return `it waits: ${counted(ahead, 'job')}${exact ? '' : ' or more'} of this device ${ahead === 1 ? 'starts' : 'start'} before it`;
}
