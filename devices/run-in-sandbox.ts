/** What the sandbox's process runs. */
import { inProcessDevice } from './local-devices.ts';
import { serveOneRequest } from './sandbox/child.ts';

serveOneRequest(async (name) => {
  const device = await inProcessDevice(name);
  if (device === undefined) throw new Error(`there is no device ${name}`);
  return device;
});
