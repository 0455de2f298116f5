-- Description: Takes back the roles and scopes, idle sessions, mailed tokens, the outbox and the audit log of identity.

drop policy "user_api_keys_steward" on "identity"."user_api_keys";
drop policy "user_sessions_steward" on "identity"."user_sessions";
drop policy "users_steward" on "identity"."users";
alter table "identity"."user_api_keys" drop constraint "user_api_keys_scopes_check";
alter table "identity"."user_sessions" drop constraint "user_sessions_idle_seconds_check";
alter table "identity"."user_sessions" drop constraint "user_sessions_last_seen_at_check";
alter table "identity"."users" drop constraint "users_anonymised_at_check";
alter table "identity"."users" drop constraint "users_roles_check";
drop table "identity"."audit_events";
drop table "identity"."email_tokens";
drop table "identity"."outbox_mails";
alter table "identity"."user_api_keys" drop column "replaces_id";
alter table "identity"."user_sessions" drop column "last_seen_at";
alter table "identity"."user_sessions" drop column "idle_seconds";
alter table "identity"."users" drop column "anonymised_at";
-- Accounts without a shown address get one that no mail can reach; the owner sees no row, hence maintenance.
set local role qhub_maintenance;
update "identity"."users" set email = id || '@unverified.invalid' where email is null;
-- The narrower sets of before: what they don't know is taken away.
update "identity"."users" set roles = array_remove(array_remove(roles, 'provider'), 'operator') where roles && '{provider,operator}';
update "identity"."user_api_keys" set scopes = array_remove(scopes, 'hub:operate') where 'hub:operate' = any(scopes);
set local role qhub_owner;
alter table "identity"."users" alter column "email" set not null;
alter table "identity"."user_api_keys" add constraint "user_api_keys_scopes_check" CHECK (((scopes <@ ARRAY['identity:read'::text, 'identity:write'::text, 'development:read'::text, 'development:write'::text, 'marketplace:read'::text, 'marketplace:write'::text, 'execution:read'::text, 'execution:write'::text]) AND hub.is_set(scopes)));
alter table "identity"."users" add constraint "users_roles_check" CHECK (((roles <@ ARRAY['consumer'::text, 'developer'::text, 'administrator'::text]) AND hub.is_set(roles)));
comment on column "identity"."users"."email" is 'The address for mail and sign-in, unique without regard to case.';
