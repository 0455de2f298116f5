export { type Clock, systemClock } from './clock.ts';
export { catalogue, type ErrorCode, isErrorCode } from './errors/catalogue.ts';
export type { ErrorEntry, ErrorParam } from './errors/entry.ts';
export { type ErrorParams, HubError, hubError, isHubError } from './errors/hub-error.ts';
export { Hidden } from './hidden.ts';
export { isUuid, isUuidv7, newId, uuidv7Floor, uuidv7Range, uuidv7Timestamp } from './ids.ts';
export {
  addMoney,
  compareMoney,
  formatMoney,
  isCurrency,
  largestAmountMinor,
  type Money,
  minorDigitsOf,
  money,
  moneyToDecimal,
  parseMoney,
  smallestAmountMinor,
  subtractMoney,
} from './money.ts';
export {
  decodeCursor,
  defaultPageLimit,
  encodeCursor,
  largestPageLimit,
  type Page,
  type PageRequest,
  pageOf,
  readPageRequest,
} from './pagination.ts';
export {
  hashSecret,
  type NewSecretKey,
  newSecretKey,
  newSessionToken,
  parseSecretKey,
  type SecretKey,
  type SecretKind,
  secretKinds,
} from './secret-key.ts';
export { onStopSignal, type StopSignal } from './stop-signals.ts';
