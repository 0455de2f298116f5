export {
  defaultTimeouts,
  type LoginOptions,
  type ProvisionOptions,
  type ServiceLoginOptions,
  type TimeoutOptions,
} from './options.ts';
export { provision } from './provision.ts';
export { provisioningSql } from './provisioning-sql.ts';
export type { SqlClient } from './sql-client.ts';
export { type Finding, type VerifyOptions, verifyProvisioning } from './verify.ts';
