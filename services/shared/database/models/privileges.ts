/**
 * Which role may do what with which table: each service writes its own schema, and reads of the
 * others only what stands here. `true` is the whole table, a list names columns.
 * The migration's grants are printed from this; a test walks role x table x verb by executing it.
 */
import {
  backupRole,
  maintenanceRole,
  serviceRoles,
  signInRole,
  stewardRole,
  workerRole,
} from '../provision/roles.ts';

export type Verb = 'select' | 'insert' | 'update' | 'delete';
export type Privileges = { readonly [V in Verb]?: true | readonly string[] };

const all: Privileges = { select: true, insert: true, update: true, delete: true };
const keep: Privileges = { select: true, insert: true, update: true };
const read: Privileges = { select: true };

const tables = [
  'identity.users',
  'identity.user_profiles',
  'identity.user_api_keys',
  'identity.user_sessions',
  'identity.email_tokens',
  'identity.outbox_mails',
  'identity.audit_events',
  'development.projects',
  'development.quantum_apps',
  'development.app_versions',
  'marketplace.marketplace_listings',
  'marketplace.subscriptions',
  'marketplace.subscription_keys',
  'execution.platforms',
  'execution.devices',
  'execution.jobs',
  'execution.job_results',
  'execution.job_queue',
  'execution.job_idempotency_keys',
  'execution.device_slots',
  'execution.device_turns',
  'execution.device_events',
  'execution.job_events',
  'execution.job_attempts',
] as const;
export type TableName = (typeof tables)[number];
export const tableNames: readonly TableName[] = tables;

const everywhere = (privileges: Privileges) =>
  Object.fromEntries(tables.map((table) => [table, privileges])) as Record<TableName, Privileges>;

/** A subscription as the other services see it: enough to know whether the actor may run an app. */
const entitlement: Privileges = {
  select: ['id', 'user_id', 'app_id', 'type', 'status', 'starts_at', 'ends_at'],
};

/** A version as those see it who run it: not the reports that only its developer reads. */
const runnable: Privileges = {
  select: [
    'id',
    'app_id',
    'version',
    'sdk',
    'sdk_version',
    'program',
    'program_language',
    'content_hash',
    'input_schema',
    'output_schema',
    'qubits',
    'preferred_platform_id',
    'preferred_device_id',
    'package_bytes',
    'package_path',
    'ir_type',
    'resource_estimate',
    'cost_estimate',
    'status',
    'released_at',
  ],
};

export const privileges: Readonly<Record<string, { readonly [T in TableName]?: Privileges }>> = {
  [serviceRoles.identity]: {
    'identity.users': keep,
    'identity.user_profiles': all,
    'identity.user_api_keys': all,
    'identity.user_sessions': all,
    'identity.email_tokens': all,
    'identity.outbox_mails': { select: true, insert: true, delete: true },
    'identity.audit_events': { select: true, insert: true },
  },
  [serviceRoles.development]: {
    'development.projects': all,
    'development.quantum_apps': all,
    'development.app_versions': all,
    'marketplace.subscriptions': entitlement,
  },
  [serviceRoles.marketplace]: {
    'marketplace.marketplace_listings': keep,
    'marketplace.subscriptions': keep,
    'marketplace.subscription_keys': all,
    'development.quantum_apps': read,
    'development.app_versions': {
      select: [
        'id',
        'app_id',
        'version',
        'sdk',
        'sdk_version',
        'qubits',
        'status',
        'released_at',
        'release_notes',
      ],
    },
  },
  [serviceRoles.execution]: {
    'execution.platforms': all,
    'execution.devices': keep,
    'execution.jobs': keep,
    'execution.job_results': read,
    'execution.job_queue': all,
    'execution.job_idempotency_keys': { select: true, insert: true, delete: true },
    'execution.device_slots': all,
    'execution.device_events': { select: true, insert: true },
    'execution.job_events': { select: true, insert: true },
    'execution.job_attempts': read,
    'development.quantum_apps': { select: ['id', 'developer_id', 'slug', 'name', 'status', 'visibility'] },
    'development.app_versions': runnable,
    'marketplace.subscriptions': entitlement,
  },
  [workerRole]: {
    'execution.platforms': { select: true, update: ['availability'] },
    'execution.devices': {
      select: true,
      update: ['status', 'properties', 'pending_jobs', 'average_queue_seconds'],
    },
    'execution.jobs': { select: true, update: true },
    'execution.job_results': keep,
    'execution.job_queue': { select: true, update: true, delete: true },
    'execution.device_slots': { select: true, update: true },
    'execution.device_turns': keep,
    'execution.job_events': { select: true, insert: true },
    'execution.job_attempts': keep,
    'development.quantum_apps': { select: ['id', 'developer_id', 'slug', 'name'] },
    'development.app_versions': runnable,
    'marketplace.subscriptions': entitlement,
  },
  [stewardRole]: {
    'identity.users': {
      select: [
        'id',
        'created_at',
        'updated_at',
        'username',
        'email',
        'full_name',
        'roles',
        'active',
        'verified',
        'is_provider',
        'anonymised_at',
        'last_login_at',
      ],
      update: ['roles', 'active', 'is_provider'],
    },
    'identity.user_api_keys': { select: ['id', 'user_id', 'last_used_at'], update: ['last_used_at'] },
    'identity.user_sessions': {
      select: ['id', 'user_id', 'expires_at', 'last_seen_at', 'idle_seconds', 'revoked_at'],
      update: ['last_seen_at', 'revoked_at'],
      delete: true,
    },
    'identity.email_tokens': { select: ['user_id', 'purpose', 'used_at'], delete: true },
    'identity.outbox_mails': {
      select: true,
      update: ['sealed_token', 'attempts', 'next_attempt_at', 'sent_at', 'last_error'],
      delete: true,
    },
    'identity.audit_events': { select: true, insert: true, delete: true },
  },
  [signInRole]: {
    'identity.email_tokens': read,
    'identity.users': { select: ['id', 'username', 'email', 'password_hash', 'roles', 'active', 'verified'] },
    'identity.user_api_keys': read,
    'identity.user_sessions': read,
    'marketplace.subscriptions': entitlement,
    'marketplace.subscription_keys': read,
  },
  [maintenanceRole]: everywhere(all),
  [backupRole]: everywhere(read),
};

/** The GRANT statements, one a line, in a stable order. */
export function grantsSql(): string {
  return Object.entries(privileges)
    .flatMap(([role, perTable]) =>
      Object.entries(perTable).map(([table, verbs]) => `grant ${verbList(verbs)} on ${table} to ${role};`),
    )
    .join('\n');
}

function verbList(verbs: Privileges): string {
  return Object.entries(verbs)
    .map(([verb, columns]) => (columns === true ? verb : `${verb} (${columns.join(', ')})`))
    .join(', ');
}
