-- Description: What the steward of accounts may do, and the look-ups of sessions and mailed tokens.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows no grants and no functions. The table grants are those of
-- models/privileges.ts (a test compares), printed by `grantsSql()`.

grant usage on schema hub, identity to qhub_steward;
grant execute on all functions in schema hub to qhub_steward;
grant select on hub.migrations to qhub_steward;

grant select, insert, update, delete on identity.email_tokens to qhub_identity;
grant select, insert, delete on identity.outbox_mails to qhub_identity;
grant select, insert on identity.audit_events to qhub_identity;
grant select (id, created_at, updated_at, username, email, full_name, roles, active, verified, is_provider, anonymised_at, last_login_at), update (roles, active, is_provider) on identity.users to qhub_steward;
grant select (id, user_id, last_used_at), update (last_used_at) on identity.user_api_keys to qhub_steward;
grant select (id, user_id, expires_at, last_seen_at, idle_seconds, revoked_at), update (last_seen_at, revoked_at), delete on identity.user_sessions to qhub_steward;
grant select, update (sealed_token, attempts, next_attempt_at, sent_at, last_error), delete on identity.outbox_mails to qhub_steward;
grant select, insert, delete on identity.audit_events to qhub_steward;
grant select on identity.email_tokens to qhub_sign_in;
grant select, insert, update, delete on identity.email_tokens to qhub_maintenance;
grant select, insert, update, delete on identity.outbox_mails to qhub_maintenance;
grant select, insert, update, delete on identity.audit_events to qhub_maintenance;
grant select on identity.email_tokens to qhub_backup;
grant select on identity.outbox_mails to qhub_backup;
grant select on identity.audit_events to qhub_backup;

-- As the other look-ups before sign-in (ADR 0002): one row for one exact hash, run as qhub_sign_in.
grant create on schema identity to qhub_sign_in;
set local role qhub_sign_in;

-- A function's columns can't be added to: it is dropped and made again.
drop function identity.find_session(bytea);
create function identity.find_session(hash bytea)
  returns table (id uuid, user_id uuid, expires_at timestamptz, last_seen_at timestamptz, idle_seconds integer,
                 revoked_at timestamptz, user_active boolean, user_roles text[])
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select s.id, s.user_id, s.expires_at, s.last_seen_at, s.idle_seconds, s.revoked_at, u.active, u.roles
          from identity.user_sessions s join identity.users u on u.id = s.user_id
         where s.token_hash = hash $$;
comment on function identity.find_session(bytea) is 'The session whose token has this SHA-256, valid or not.';

create function identity.find_email_token(hash bytea)
  returns table (id uuid, user_id uuid, purpose text, expires_at timestamptz, used_at timestamptz, user_active boolean)
  language sql stable security definer parallel safe set search_path = pg_catalog, pg_temp
  as $$ select t.id, t.user_id, t.purpose, t.expires_at, t.used_at, u.active
          from identity.email_tokens t join identity.users u on u.id = t.user_id
         where t.token_hash = hash $$;
comment on function identity.find_email_token(bytea) is 'The mailed token with this SHA-256, valid or not.';

revoke execute on function identity.find_session(bytea), identity.find_email_token(bytea) from public;
grant execute on function identity.find_session(bytea)
  to qhub_identity, qhub_development, qhub_marketplace, qhub_execution;
grant execute on function identity.find_email_token(bytea) to qhub_identity;

set local role qhub_owner;
revoke create on schema identity from qhub_sign_in;
