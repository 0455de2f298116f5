export { catalogue, type ErrorCode, isErrorCode } from './errors/catalogue.ts';
export type { ErrorEntry, ErrorParam } from './errors/entry.ts';
export { type ErrorParams, HubError, hubError, isHubError } from './errors/hub-error.ts';
export { isUuid, isUuidv7, newId, uuidv7Floor, uuidv7Range, uuidv7Timestamp } from './ids.ts';
