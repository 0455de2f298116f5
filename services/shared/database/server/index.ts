export { type Account, accountCan, childOptions, serverAccount } from './account.ts';
export { embeddedVersion, findBinaries } from './binaries.ts';
export {
  borrowServer,
  RunningServer,
  startServer,
  stopServer,
} from './embedded-server.ts';
export { keepSecret, readSecret } from './home-files.ts';
export { keepServerUp } from './keep-up.ts';
export { socketDirOf } from './launch-on-port.ts';
export type { Lease } from './leases.ts';
export type { ServerOptions } from './options.ts';
export { knownPlace, makeFolder } from './place.ts';
export { DEFAULT_PORT } from './ports.ts';
export {
  GuardedFolder,
  RecoveredServer,
  recoveryLog,
  startRecovered,
} from './recovered-server.ts';
export { ADMIN_USER, HOST, type Settings } from './settings.ts';
export { type ServerStatus, serverStatus } from './status.ts';
export { swapData } from './swap-data.ts';
export { createThrowawayServer, type ThrowawayOptions, ThrowawayServer } from './throwaway.ts';
