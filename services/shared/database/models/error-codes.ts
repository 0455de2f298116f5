/**
 * What a violated constraint means to a caller: the code of the kernel's catalogue by the constraint's name.
 * A constraint that is not here gets a code by its kind (`connection/statement-errors.ts`): checks and foreign keys
 * are told by zod and by use cases before, with the field's name.
 */
import type { ErrorCode } from '@quantum-hub/kernel';

/** Unique constraints and indexes by what they keep apart, and the three names that triggers raise. */
export const constraintCodes: Readonly<Record<string, ErrorCode>> = {
  users_username_key: 'identity.username_taken',
  users_email_key: 'identity.email_taken',
  user_profiles_user_id_key: 'identity.profile_exists',
  user_api_keys_key_hash_key: 'identity.api_key_exists',
  user_sessions_token_hash_key: 'identity.session_exists',

  projects_owner_id_name_key: 'development.project_name_taken',
  quantum_apps_slug_key: 'development.app_slug_taken',
  app_versions_app_id_version_key: 'development.version_exists',
  app_versions_keep_released: 'development.version_released',

  marketplace_listings_app_id_lister_id_key: 'marketplace.listing_exists',
  subscriptions_user_id_app_id_key: 'marketplace.subscription_exists',
  subscription_keys_key_hash_key: 'marketplace.subscription_key_exists',

  platforms_name_key: 'execution.platform_name_taken',
  devices_platform_id_name_key: 'execution.device_name_taken',
  jobs_keep_finished: 'execution.job_finished',
  jobs_status_step: 'execution.job_transition_refused',
  jobs_pkey: 'execution.job_exists',
  job_results_pkey: 'execution.result_exists',
  job_queue_pkey: 'execution.job_exists',
  job_events_keep_history: 'execution.history_kept',
  job_idempotency_keys_user_id_key_key: 'execution.idempotency_key_reused',

  // No caller chooses these values: a violation is a fault of the hub's own code.
  email_tokens_token_hash_key: 'database.unique_violated',
  email_tokens_user_id_purpose_key: 'database.unique_violated',
  projects_app_id_key: 'database.unique_violated',
  device_slots_device_id_slot_number_key: 'database.unique_violated',
  device_turns_device_id_user_id_key: 'database.unique_violated',
  device_slots_job_id_key: 'database.unique_violated',
};
