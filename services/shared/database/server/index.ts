export { type Account, accountCan, childOptions, serverAccount } from './account.ts';
export { embeddedVersion, findBinaries } from './binaries.ts';
