/** The tables as Kysely sees them, by their qualified names: column names and types come from the models. */
import type { InferKyselyTable } from '@mikro-orm/sql';
import type { models } from './index.ts';

type Models = typeof models;
/** MikroORM's type also lists the far side of a one-to-one relation, as a column that is always null: there is none. */
type OnlyColumns<T> = { [K in keyof T as [T[K]] extends [null] ? never : K]: T[K] };
type Table<M extends keyof Models> = OnlyColumns<InferKyselyTable<Models[M]>>;

export type HubTables = {
  'identity.users': Table<'User'>;
  'identity.user_profiles': Table<'UserProfile'>;
  'identity.user_api_keys': Table<'UserApiKey'>;
  'identity.user_sessions': Table<'UserSession'>;
  'identity.email_tokens': Table<'EmailToken'>;
  'identity.outbox_mails': Table<'OutboxMail'>;
  'identity.audit_events': Table<'AuditEvent'>;
  'development.projects': Table<'Project'>;
  'development.quantum_apps': Table<'QuantumApp'>;
  'development.app_versions': Table<'AppVersion'>;
  'marketplace.marketplace_listings': Table<'MarketplaceListing'>;
  'marketplace.subscriptions': Table<'Subscription'>;
  'marketplace.subscription_keys': Table<'SubscriptionKey'>;
  'execution.platforms': Table<'Platform'>;
  'execution.devices': Table<'Device'>;
  'execution.jobs': Table<'Job'>;
  'execution.job_results': Table<'JobResult'>;
  'execution.job_queue': Table<'JobQueueEntry'>;
  'execution.job_idempotency_keys': Table<'JobIdempotencyKey'>;
  'execution.device_slots': Table<'DeviceSlot'>;
  'execution.device_events': Table<'DeviceEvent'>;
  'execution.device_turns': Table<'DeviceTurn'>;
  'execution.job_events': Table<'JobEvent'>;
  'execution.job_attempts': Table<'JobAttempt'>;
};
