export type { ProvisionOptions, ServiceLoginOptions } from './options.ts';
export { provision } from './provision.ts';
export { provisioningSql } from './provisioning-sql.ts';
export { type Finding, verifyProvisioning } from './verify.ts';
