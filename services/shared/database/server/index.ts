export { embeddedVersion } from './binaries.ts';
export {
  borrowServer,
  RunningServer,
  startServer,
  stopServer,
} from './embedded-server.ts';
export { keepSecret, readSecret } from './home-files.ts';
export type { Lease } from './leases.ts';
export type { ServerOptions } from './options.ts';
export { DEFAULT_PORT } from './ports.ts';
export { ADMIN_USER, HOST, type Settings } from './settings.ts';
export { type ServerStatus, serverStatus } from './status.ts';
export { createThrowawayServer, type ThrowawayOptions, ThrowawayServer } from './throwaway.ts';
