/** What the sandbox's process runs. */
import { inProcessDevice } from './local-devices.ts';
import { serveOneRequest } from './sandbox/child.ts';

// Loads while the question is still on its way; the devices for OpenQASM share nearly all of their code.
const [, , preload] = process.argv;
if (preload !== undefined) void inProcessDevice(preload);

serveOneRequest(async (name) => {
  const device = await inProcessDevice(name);
  if (device === undefined) throw new Error(`there is no device ${name}`);
  return device;
});
