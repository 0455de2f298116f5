-- Description: Takes back the rights of the steward, and the look-ups of mailed tokens and idle sessions.

grant create on schema identity to qhub_sign_in;
set local role qhub_sign_in;
drop function identity.find_email_token(bytea);
drop function identity.find_session(bytea);
create function identity.find_session(hash bytea)
  returns table (id uuid, user_id uuid, expires_at timestamptz, revoked_at timestamptz,
                 user_active boolean, user_roles text[])
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select s.id, s.user_id, s.expires_at, s.revoked_at, u.active, u.roles
          from identity.user_sessions s join identity.users u on u.id = s.user_id
         where s.token_hash = hash $$;
comment on function identity.find_session(bytea) is 'The session whose token has this SHA-256, valid or not.';
revoke execute on function identity.find_session(bytea) from public;
grant execute on function identity.find_session(bytea)
  to qhub_identity, qhub_development, qhub_marketplace, qhub_execution;

set local role qhub_owner;
revoke create on schema identity from qhub_sign_in;

revoke all on identity.email_tokens, identity.outbox_mails, identity.audit_events
  from qhub_identity, qhub_sign_in, qhub_maintenance, qhub_backup;
revoke all on all tables in schema identity, hub from qhub_steward;
-- Rights on single columns are rights of their own.
revoke all (id, created_at, updated_at, username, email, full_name, roles, active, verified, is_provider,
            anonymised_at, last_login_at) on identity.users from qhub_steward;
revoke all (id, user_id, last_used_at) on identity.user_api_keys from qhub_steward;
revoke all (id, user_id, expires_at, last_seen_at, idle_seconds, revoked_at) on identity.user_sessions from qhub_steward;
revoke all (sealed_token, attempts, next_attempt_at, sent_at, last_error) on identity.outbox_mails from qhub_steward;
revoke all on all functions in schema hub from qhub_steward;
revoke usage on schema hub, identity from qhub_steward;
