-- Description: Leaves the new rules of users, sessions and keys unproven for old rows.

alter table "identity"."user_api_keys" drop constraint "user_api_keys_scopes_check";
alter table "identity"."user_sessions" drop constraint "user_sessions_idle_seconds_check";
alter table "identity"."user_sessions" drop constraint "user_sessions_last_seen_at_check";
alter table "identity"."users" drop constraint "users_anonymised_at_check";
alter table "identity"."users" drop constraint "users_roles_check";
alter table "identity"."user_api_keys" add constraint "user_api_keys_scopes_check" CHECK (((scopes <@ ARRAY['identity:read'::text, 'identity:write'::text, 'development:read'::text, 'development:write'::text, 'marketplace:read'::text, 'marketplace:write'::text, 'execution:read'::text, 'execution:write'::text, 'hub:operate'::text]) AND hub.is_set(scopes))) NOT VALID;
alter table "identity"."user_sessions" add constraint "user_sessions_idle_seconds_check" CHECK (((idle_seconds >= 60) AND (idle_seconds <= 31536000))) NOT VALID;
alter table "identity"."user_sessions" add constraint "user_sessions_last_seen_at_check" CHECK (((last_seen_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (last_seen_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))) NOT VALID;
alter table "identity"."users" add constraint "users_anonymised_at_check" CHECK (((anonymised_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (anonymised_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))) NOT VALID;
alter table "identity"."users" add constraint "users_roles_check" CHECK (((roles <@ ARRAY['consumer'::text, 'developer'::text, 'provider'::text, 'operator'::text, 'administrator'::text]) AND hub.is_set(roles))) NOT VALID;
