-- Description: Holds the rows of users, sessions and keys against the new rules.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one

alter table "identity"."user_api_keys" validate constraint "user_api_keys_scopes_check";
alter table "identity"."user_sessions" validate constraint "user_sessions_idle_seconds_check";
alter table "identity"."user_sessions" validate constraint "user_sessions_last_seen_at_check";
alter table "identity"."users" validate constraint "users_anonymised_at_check";
alter table "identity"."users" validate constraint "users_roles_check";
