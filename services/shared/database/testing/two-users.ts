/** Two users, each with a row in every table whose rows have an owner. */
import type { SqlSession } from './factories.ts';
import * as make from './factories.ts';

export type OwnedRows = {
  readonly userId: string;
  readonly appId: string;
  readonly subscriptionId: string;
  readonly deviceId: string;
  readonly apiKeyHash: Buffer;
  readonly sessionHash: Buffer;
  readonly emailTokenHash: Buffer;
  readonly subscriptionKeyHash: Buffer;
  readonly username: string;
  /** The ids of this user's rows, by table. */
  readonly ids: Readonly<Record<string, string>>;
};

export async function makeOwner(client: SqlSession): Promise<OwnedRows> {
  const user = await make.makeUser(client);
  const user_id = user.id;
  const app = await make.makeApp(client, { developer_id: user_id });
  const subscription = await make.makeSubscription(client, { user_id, app_id: app.id });
  const apiKey = await make.makeApiKey(client, { user_id });
  const session = await make.makeSession(client, { user_id });
  const emailToken = await make.makeEmailToken(client, { user_id });
  const subscriptionKey = await make.makeSubscriptionKey(client, { subscription_id: subscription.id });
  const device = await make.makeDevice(client);
  const place = { platform_id: device.platform_id, device_id: device.id };
  const job = await make.makeJob(client, { user_id, ...place, status: 'running' });
  const rows = {
    'identity.users': user,
    'identity.user_profiles': await make.makeProfile(client, { user_id }),
    'identity.user_api_keys': apiKey,
    'identity.user_sessions': session,
    'identity.email_tokens': emailToken,
    'identity.outbox_mails': await make.makeOutboxMail(client, { user_id }),
    'identity.audit_events': await make.makeAuditEvent(client, { user_id }),
    'development.projects': await make.makeProject(client, { owner_id: user_id }),
    'development.quantum_apps': app,
    'development.app_versions': await make.makeVersion(client, { app_id: app.id }),
    'marketplace.marketplace_listings': await make.makeListing(client, {
      lister_id: user_id,
      app_id: app.id,
      status: 'pending',
    }),
    'marketplace.subscriptions': subscription,
    'marketplace.subscription_keys': subscriptionKey,
    'execution.jobs': job,
    'execution.job_results': await make.makeJobResult(client, { id: job.id }),
    'execution.job_queue': await make.makeJobQueueEntry(client, {
      id: job.id,
      user_id,
      device_id: device.id,
    }),
    'execution.job_events': await make.makeJobEvent(client, { id: job.id, user_id }),
    'execution.job_attempts': await make.makeJobAttempt(client, { id: job.id, user_id }),
    'execution.job_idempotency_keys': await make.makeIdempotencyKey(client, { user_id }),
  };
  return {
    userId: user_id,
    appId: app.id,
    subscriptionId: subscription.id,
    deviceId: device.id,
    apiKeyHash: apiKey.key_hash as Buffer,
    sessionHash: session.token_hash as Buffer,
    emailTokenHash: emailToken.token_hash as Buffer,
    subscriptionKeyHash: subscriptionKey.key_hash as Buffer,
    username: String(user.username),
    ids: Object.fromEntries(Object.entries(rows).map(([table, { id }]) => [table, id])),
  };
}

/** The column that says whose a row is, and what it would be if the row were another user's. */
export const ownerColumns: Readonly<Record<string, (owner: OwnedRows) => [column: string, value: string]>> = {
  'identity.users': ({ userId }) => ['id', userId],
  'identity.user_profiles': ({ userId }) => ['user_id', userId],
  'identity.user_api_keys': ({ userId }) => ['user_id', userId],
  'identity.user_sessions': ({ userId }) => ['user_id', userId],
  'identity.email_tokens': ({ userId }) => ['user_id', userId],
  'identity.outbox_mails': ({ userId }) => ['user_id', userId],
  'identity.audit_events': ({ userId }) => ['user_id', userId],
  'development.projects': ({ userId }) => ['owner_id', userId],
  'development.quantum_apps': ({ userId }) => ['developer_id', userId],
  'development.app_versions': ({ appId }) => ['app_id', appId],
  'marketplace.marketplace_listings': ({ userId }) => ['lister_id', userId],
  'marketplace.subscriptions': ({ userId }) => ['user_id', userId],
  'marketplace.subscription_keys': ({ subscriptionId }) => ['subscription_id', subscriptionId],
  'execution.jobs': ({ userId }) => ['user_id', userId],
  'execution.job_results': ({ ids }) => ['id', String(ids['execution.jobs'])],
  'execution.job_queue': ({ userId }) => ['user_id', userId],
  'execution.job_events': ({ userId }) => ['user_id', userId],
  'execution.job_attempts': ({ userId }) => ['user_id', userId],
  'execution.job_idempotency_keys': ({ userId }) => ['user_id', userId],
};

export const ownedTables = Object.keys(ownerColumns);
