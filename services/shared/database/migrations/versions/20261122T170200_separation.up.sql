-- Description: What each role may do, and the look-ups before sign-in.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows no grants and no functions. The table grants are those of
-- models/privileges.ts (a test compares), printed by `grantsSql()`.

grant usage on schema hub, identity to qhub_identity;
grant usage on schema hub, development, marketplace to qhub_development;
grant usage on schema hub, marketplace, development to qhub_marketplace;
grant usage on schema hub, execution, development, marketplace to qhub_execution;
grant usage on schema hub, execution, development, marketplace to qhub_worker;
grant usage on schema hub, identity, marketplace to qhub_sign_in;
grant usage on schema hub, identity, development, marketplace, execution to qhub_maintenance;
grant usage on schema hub, identity, development, marketplace, execution to qhub_backup;

grant execute on all functions in schema hub to qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in, qhub_maintenance, qhub_backup;

grant select, insert, update on identity.users to qhub_identity;
grant select, insert, update, delete on identity.user_profiles to qhub_identity;
grant select, insert, update, delete on identity.user_api_keys to qhub_identity;
grant select, insert, update, delete on identity.user_sessions to qhub_identity;
grant select, insert, update, delete on development.projects to qhub_development;
grant select, insert, update, delete on development.quantum_apps to qhub_development;
grant select, insert, update, delete on development.app_versions to qhub_development;
grant select (id, user_id, app_id, type, status, starts_at, ends_at) on marketplace.subscriptions to qhub_development;
grant select, insert, update on marketplace.marketplace_listings to qhub_marketplace;
grant select, insert, update on marketplace.subscriptions to qhub_marketplace;
grant select, insert, update, delete on marketplace.subscription_keys to qhub_marketplace;
grant select on development.quantum_apps to qhub_marketplace;
grant select (id, app_id, version, sdk, sdk_version, qubits, status, released_at, release_notes) on development.app_versions to qhub_marketplace;
grant select, insert, update, delete on execution.platforms to qhub_execution;
grant select, insert, update on execution.devices to qhub_execution;
grant select, insert, update on execution.jobs to qhub_execution;
grant select on execution.job_results to qhub_execution;
grant select, insert, update, delete on execution.job_queue to qhub_execution;
grant select, insert, delete on execution.job_idempotency_keys to qhub_execution;
grant select, insert, update, delete on execution.device_slots to qhub_execution;
grant select (id, developer_id, slug, name, status, visibility) on development.quantum_apps to qhub_execution;
grant select (id, app_id, version, sdk, sdk_version, program, program_language, content_hash, input_schema, output_schema, qubits, preferred_platform_id, preferred_device_id, package_bytes, package_path, ir_type, resource_estimate, cost_estimate, status, released_at) on development.app_versions to qhub_execution;
grant select (id, user_id, app_id, type, status, starts_at, ends_at) on marketplace.subscriptions to qhub_execution;
grant select, update (availability) on execution.platforms to qhub_worker;
grant select, update (status, properties, pending_jobs, average_queue_seconds) on execution.devices to qhub_worker;
grant select, update on execution.jobs to qhub_worker;
grant select, insert, update on execution.job_results to qhub_worker;
grant select, update, delete on execution.job_queue to qhub_worker;
grant select, update on execution.device_slots to qhub_worker;
grant select (id, developer_id, slug, name) on development.quantum_apps to qhub_worker;
grant select (id, app_id, version, sdk, sdk_version, program, program_language, content_hash, input_schema, output_schema, qubits, preferred_platform_id, preferred_device_id, package_bytes, package_path, ir_type, resource_estimate, cost_estimate, status, released_at) on development.app_versions to qhub_worker;
grant select (id, user_id, app_id, type, status, starts_at, ends_at) on marketplace.subscriptions to qhub_worker;
grant select (id, username, email, password_hash, roles, active, verified) on identity.users to qhub_sign_in;
grant select on identity.user_api_keys to qhub_sign_in;
grant select on identity.user_sessions to qhub_sign_in;
grant select (id, user_id, app_id, type, status, starts_at, ends_at) on marketplace.subscriptions to qhub_sign_in;
grant select on marketplace.subscription_keys to qhub_sign_in;
grant select, insert, update, delete on identity.users to qhub_maintenance;
grant select, insert, update, delete on identity.user_profiles to qhub_maintenance;
grant select, insert, update, delete on identity.user_api_keys to qhub_maintenance;
grant select, insert, update, delete on identity.user_sessions to qhub_maintenance;
grant select, insert, update, delete on development.projects to qhub_maintenance;
grant select, insert, update, delete on development.quantum_apps to qhub_maintenance;
grant select, insert, update, delete on development.app_versions to qhub_maintenance;
grant select, insert, update, delete on marketplace.marketplace_listings to qhub_maintenance;
grant select, insert, update, delete on marketplace.subscriptions to qhub_maintenance;
grant select, insert, update, delete on marketplace.subscription_keys to qhub_maintenance;
grant select, insert, update, delete on execution.platforms to qhub_maintenance;
grant select, insert, update, delete on execution.devices to qhub_maintenance;
grant select, insert, update, delete on execution.jobs to qhub_maintenance;
grant select, insert, update, delete on execution.job_results to qhub_maintenance;
grant select, insert, update, delete on execution.job_queue to qhub_maintenance;
grant select, insert, update, delete on execution.job_idempotency_keys to qhub_maintenance;
grant select, insert, update, delete on execution.device_slots to qhub_maintenance;
grant select on identity.users to qhub_backup;
grant select on identity.user_profiles to qhub_backup;
grant select on identity.user_api_keys to qhub_backup;
grant select on identity.user_sessions to qhub_backup;
grant select on development.projects to qhub_backup;
grant select on development.quantum_apps to qhub_backup;
grant select on development.app_versions to qhub_backup;
grant select on marketplace.marketplace_listings to qhub_backup;
grant select on marketplace.subscriptions to qhub_backup;
grant select on marketplace.subscription_keys to qhub_backup;
grant select on execution.platforms to qhub_backup;
grant select on execution.devices to qhub_backup;
grant select on execution.jobs to qhub_backup;
grant select on execution.job_results to qhub_backup;
grant select on execution.job_queue to qhub_backup;
grant select on execution.job_idempotency_keys to qhub_backup;
grant select on execution.device_slots to qhub_backup;

-- pg_dump reads each partition by itself; all other roles come through the parent.
grant select on execution.jobs_before_2026_11, execution.job_results_before_2026_11 to qhub_backup;

grant select on hub.migrations to qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in, qhub_maintenance, qhub_backup;

-- Written here because neither information_schema nor MikroORM's differ knows triggers on truncate.
create trigger keep_released_all before truncate on development.app_versions
  for each statement execute function hub.refuse_truncate();

-- Before sign-in nobody is the actor yet, so row security would hide every key. These functions give one
-- row for one exact hash or name. They run as qhub_sign_in, which reads by policies that name it.
grant create on schema identity, marketplace to qhub_sign_in;
set local role qhub_sign_in;

create function identity.find_api_key(hash bytea)
  returns table (id uuid, user_id uuid, scopes text[], status text, expires_at timestamptz,
                 rate_limit_requests integer, rate_limit_window_seconds integer,
                 user_active boolean, user_roles text[])
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select k.id, k.user_id, k.scopes, k.status, k.expires_at, k.rate_limit_requests,
               k.rate_limit_window_seconds, u.active, u.roles
          from identity.user_api_keys k join identity.users u on u.id = k.user_id
         where k.key_hash = hash $$;
comment on function identity.find_api_key(bytea) is 'The API key with this SHA-256, whatever its status.';

create function identity.find_session(hash bytea)
  returns table (id uuid, user_id uuid, expires_at timestamptz, revoked_at timestamptz,
                 user_active boolean, user_roles text[])
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select s.id, s.user_id, s.expires_at, s.revoked_at, u.active, u.roles
          from identity.user_sessions s join identity.users u on u.id = s.user_id
         where s.token_hash = hash $$;
comment on function identity.find_session(bytea) is 'The session whose token has this SHA-256, valid or not.';

create function identity.find_sign_in(name_or_email text)
  returns table (id uuid, password_hash text, active boolean, verified boolean)
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select u.id, u.password_hash, u.active, u.verified
          from identity.users u
         where lower(u.username) = lower(name_or_email) or lower(u.email) = lower(name_or_email)
         order by lower(u.username) = lower(name_or_email) desc
         limit 1 $$;
comment on function identity.find_sign_in(text) is 'Who signs in under this user name or address.';

create function marketplace.find_subscription_key(hash bytea)
  returns table (id uuid, subscription_id uuid, user_id uuid, app_id uuid, type text, status text,
                 remaining_usage bigint, expires_at timestamptz, subscription_status text,
                 subscription_starts_at timestamptz, subscription_ends_at timestamptz)
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select k.id, k.subscription_id, s.user_id, s.app_id, k.type, k.status, k.remaining_usage,
               k.expires_at, s.status, s.starts_at, s.ends_at
          from marketplace.subscription_keys k join marketplace.subscriptions s on s.id = k.subscription_id
         where k.key_hash = hash $$;
comment on function marketplace.find_subscription_key(bytea) is 'The subscription key with this SHA-256, whatever its status.';

revoke execute on function identity.find_api_key(bytea), identity.find_session(bytea),
  identity.find_sign_in(text), marketplace.find_subscription_key(bytea) from public;
grant execute on function identity.find_api_key(bytea), identity.find_session(bytea)
  to qhub_identity, qhub_development, qhub_marketplace, qhub_execution;
grant execute on function identity.find_sign_in(text) to qhub_identity;
grant execute on function marketplace.find_subscription_key(bytea) to qhub_marketplace, qhub_execution;

set local role qhub_owner;
revoke create on schema identity, marketplace from qhub_sign_in;
-- A service with a login of its own still has to authenticate keys: usage of the schema, no table in it.
grant usage on schema identity to qhub_development, qhub_marketplace, qhub_execution;
grant usage on schema marketplace to qhub_execution;
