/**
 * The models: fourteen that people know, in four domains, and the small tables that serve the queue.
 * Whoever adds a model lists it here; nothing is found by scanning folders.
 */
import type { EntitySchema } from '@mikro-orm/core';
import { addChecks } from './declaration/checks.ts';
import { AppVersion } from './development/app-version.ts';
import { Project } from './development/project.ts';
import { QuantumApp } from './development/quantum-app.ts';
import { Device } from './execution/device.ts';
import { DeviceSlot } from './execution/device-slot.ts';
import { Job } from './execution/job.ts';
import { JobIdempotencyKey } from './execution/job-idempotency-key.ts';
import { JobQueueEntry } from './execution/job-queue-entry.ts';
import { JobResult } from './execution/job-result.ts';
import { Platform } from './execution/platform.ts';
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
} as const;

export const entities: readonly EntitySchema[] = Object.values(models) as unknown as EntitySchema[];
for (const entity of entities) addChecks(entity);

export {
  AppVersion,
  Device,
  DeviceSlot,
  Job,
  JobIdempotencyKey,
  JobQueueEntry,
  JobResult,
  MarketplaceListing,
  Platform,
  Project,
  QuantumApp,
  Subscription,
  SubscriptionKey,
  User,
  UserApiKey,
  UserProfile,
  UserSession,
};
