/**
 * The models: those that people know, in four domains, and the small tables that serve the queue and identity.
 * Whoever adds a model lists it here; nothing is found by scanning folders.
 */
import type { EntitySchema } from '@mikro-orm/core';
import { addChecks } from './declaration/checks.ts';
import { AppVersion } from './development/app-version.ts';
import { Project } from './development/project.ts';
import { QuantumApp } from './development/quantum-app.ts';
import { Device } from './execution/device.ts';
import { DeviceEvent } from './execution/device-event.ts';
import { DeviceSlot } from './execution/device-slot.ts';
import { DeviceTurn } from './execution/device-turn.ts';
import { Job } from './execution/job.ts';
import { JobAttempt } from './execution/job-attempt.ts';
import { JobEvent } from './execution/job-event.ts';
import { JobIdempotencyKey } from './execution/job-idempotency-key.ts';
import { JobQueueEntry } from './execution/job-queue-entry.ts';
import { JobResult } from './execution/job-result.ts';
import { Platform } from './execution/platform.ts';
import { AuditEvent } from './identity/audit-event.ts';
import { EmailToken } from './identity/email-token.ts';
import { OutboxMail } from './identity/outbox-mail.ts';
import { User } from './identity/user.ts';
import { UserApiKey } from './identity/user-api-key.ts';
import { UserProfile } from './identity/user-profile.ts';
import { UserSession } from './identity/user-session.ts';
import { MarketplaceListing } from './marketplace/marketplace-listing.ts';
import { Subscription } from './marketplace/subscription.ts';
import { SubscriptionKey } from './marketplace/subscription-key.ts';

export const models = {
  User,
  UserProfile,
  UserApiKey,
  UserSession,
  EmailToken,
  OutboxMail,
  AuditEvent,
  Project,
  QuantumApp,
  AppVersion,
  MarketplaceListing,
  Subscription,
  SubscriptionKey,
  Platform,
  Device,
  Job,
  JobResult,
  JobQueueEntry,
  JobIdempotencyKey,
  DeviceSlot,
  DeviceEvent,
  DeviceTurn,
  JobEvent,
  JobAttempt,
} as const;

export const entities: readonly EntitySchema[] = Object.values(models) as unknown as EntitySchema[];
for (const entity of entities) addChecks(entity);

export {
  type CreateOf,
  type ModelSchemas,
  type ReadOf,
  schemasOf,
  type UpdateOf,
} from './declaration/schemas.ts';
export type { JsonObject, JsonValue } from './declaration/shapes.ts';
export {
  type ColumnDescription,
  describeTables,
  type ForeignKeyDescription,
  type PolicyDescription,
  type RightsDescription,
  type TableDescription,
} from './describe-tables.ts';
export { AppVersion, irTypes, sdks, versionStatuses } from './development/app-version.ts';
export { Project } from './development/project.ts';
export { appStatuses, appTypes, appVisibilities, QuantumApp } from './development/quantum-app.ts';
export { Device, deviceStatuses } from './execution/device.ts';
export { DeviceEvent } from './execution/device-event.ts';
export { DeviceSlot } from './execution/device-slot.ts';
export { DeviceTurn } from './execution/device-turn.ts';
export { Job, jobPriorities, jobRequestKinds, jobStatuses, jobTypes } from './execution/job.ts';
export { attemptOutcomes, JobAttempt } from './execution/job-attempt.ts';
export { JobEvent, jobEventOrigins } from './execution/job-event.ts';
export { JobIdempotencyKey } from './execution/job-idempotency-key.ts';
export { JobQueueEntry, queueStatuses } from './execution/job-queue-entry.ts';
export { JobResult } from './execution/job-result.ts';
export { availabilities, Platform } from './execution/platform.ts';
export { programLanguages, programMaxChars } from './execution/program.ts';
export { AuditEvent, auditActions, auditOutcomes, auditRetentionDays } from './identity/audit-event.ts';
export { EmailToken, emailTokenPurposes } from './identity/email-token.ts';
export { mailTemplates, OutboxMail } from './identity/outbox-mail.ts';
export { User, userRoles } from './identity/user.ts';
export { apiKeyScopes, keyStatuses, UserApiKey } from './identity/user-api-key.ts';
export { UserProfile } from './identity/user-profile.ts';
export { UserSession } from './identity/user-session.ts';
export { listingStatuses, MarketplaceListing } from './marketplace/marketplace-listing.ts';
export { Subscription, subscriptionStatuses, subscriptionTypes } from './marketplace/subscription.ts';
export { SubscriptionKey, subscriptionKeyTypes } from './marketplace/subscription-key.ts';
export type { HubTables } from './tables.ts';
