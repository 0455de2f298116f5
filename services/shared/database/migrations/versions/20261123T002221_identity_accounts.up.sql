-- Description: Roles and scopes, idle sessions, mailed tokens, the outbox and the audit log of identity.
-- Hazards: none
-- Reversible: loses data
-- Breaking: yes: what callers write into identity.user_api_keys keeps user_api_keys_scopes_check; what callers write into identity.users keeps users_roles_check
-- Transaction: one

alter table "identity"."user_api_keys" drop constraint "user_api_keys_scopes_check";
alter table "identity"."users" drop constraint "users_roles_check";
create table "identity"."audit_events" (
  "id" uuid not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "user_id" uuid,
  "actor_id" uuid,
  "credential_id" uuid,
  "action" text not null,
  "outcome" text not null,
  "target" text,
  "ip_address" inet,
  "user_agent" text,
  "details" jsonb default '{}'::jsonb not null,
  constraint "audit_events_action_check" CHECK ((action = ANY (ARRAY['account.created'::text, 'account.changed'::text, 'account.exported'::text, 'account.deleted'::text, 'account.activated'::text, 'account.deactivated'::text, 'roles.changed'::text, 'session.created'::text, 'session.revoked'::text, 'password.changed'::text, 'password.reset_requested'::text, 'password.reset'::text, 'email.verification_requested'::text, 'email.verified'::text, 'key.created'::text, 'key.changed'::text, 'key.rotated'::text, 'key.revoked'::text, 'mail.shown'::text]))),
  constraint "audit_events_details_check" CHECK (((octet_length((details)::text) <= 4096) AND hub.matches_shape(details, '{"t": "record", "of": {"t": "string", "max": 200}, "max": 10}'::jsonb))),
  constraint "audit_events_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "audit_events_ip_address_check" CHECK ((masklen(ip_address) =
CASE family(ip_address)
    WHEN 4 THEN 32
    ELSE 128
END)),
  constraint "audit_events_outcome_check" CHECK ((outcome = ANY (ARRAY['success'::text, 'refused'::text]))),
  constraint "audit_events_pkey" PRIMARY KEY (id),
  constraint "audit_events_target_check" CHECK ((char_length(target) <= 200)),
  constraint "audit_events_user_agent_check" CHECK ((char_length(user_agent) <= 500))
);
create table "identity"."email_tokens" (
  "id" uuid not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "user_id" uuid not null,
  "purpose" text not null,
  "email" text not null,
  "token_hash" bytea not null,
  "expires_at" timestamp with time zone not null,
  "used_at" timestamp with time zone,
  constraint "email_tokens_email_check" CHECK (char_length(email) between 3 and 254 and email ~ '^[!-?A-~]+@[A-Za-z0-9.-]+$'),
  constraint "email_tokens_expires_at_check" CHECK (((expires_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (expires_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "email_tokens_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "email_tokens_pkey" PRIMARY KEY (id),
  constraint "email_tokens_purpose_check" CHECK ((purpose = ANY (ARRAY['verify_email'::text, 'reset_password'::text]))),
  constraint "email_tokens_token_hash_check" CHECK (((octet_length(token_hash) >= 32) AND (octet_length(token_hash) <= 32))),
  constraint "email_tokens_token_hash_key" UNIQUE (token_hash),
  constraint "email_tokens_used_at_check" CHECK (((used_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (used_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "email_tokens_user_id_purpose_key" UNIQUE (user_id, purpose)
);
create table "identity"."outbox_mails" (
  "id" uuid not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "user_id" uuid not null,
  "template" text not null,
  "recipient" text not null,
  "parameters" jsonb default '{}'::jsonb not null,
  "sealed_token" bytea,
  "seal_key_id" text,
  "expires_at" timestamp with time zone,
  "attempts" smallint default 0 not null,
  "next_attempt_at" timestamp with time zone default now(),
  "sent_at" timestamp with time zone,
  "last_error" text,
  constraint "outbox_mails_attempts_check" CHECK (((attempts >= 0) AND (attempts <= 32767))),
  constraint "outbox_mails_expires_at_check" CHECK (((expires_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (expires_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "outbox_mails_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "outbox_mails_last_error_check" CHECK ((char_length(last_error) <= 500)),
  constraint "outbox_mails_next_attempt_at_check" CHECK (((next_attempt_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (next_attempt_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "outbox_mails_parameters_check" CHECK (((octet_length((parameters)::text) <= 8192) AND hub.matches_shape(parameters, '{"t": "record", "of": {"t": "string", "max": 1000}, "max": 10}'::jsonb))),
  constraint "outbox_mails_pkey" PRIMARY KEY (id),
  constraint "outbox_mails_recipient_check" CHECK (char_length(recipient) between 3 and 254 and recipient ~ '^[!-?A-~]+@[A-Za-z0-9.-]+$'),
  constraint "outbox_mails_seal_key_id_check" CHECK ((char_length(seal_key_id) <= 32)),
  constraint "outbox_mails_sealed_token_check" CHECK (((octet_length(sealed_token) >= 29) AND (octet_length(sealed_token) <= 512))),
  constraint "outbox_mails_sent_at_check" CHECK (((sent_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (sent_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "outbox_mails_template_check" CHECK ((template = ANY (ARRAY['verify_email'::text, 'reset_password'::text, 'password_changed'::text, 'email_changed'::text, 'account_deleted'::text])))
);
alter table "identity"."user_api_keys" add column "replaces_id" uuid;
alter table "identity"."user_sessions" add column "last_seen_at" timestamp with time zone default now() not null;
alter table "identity"."user_sessions" add column "idle_seconds" integer default 604800 not null;
alter table "identity"."users" add column "anonymised_at" timestamp with time zone;
alter table "identity"."users" alter column "email" drop not null;
create index audit_events_user_id_id_idx ON identity.audit_events USING btree (user_id, id);
create index outbox_mails_next_attempt_at_idx ON identity.outbox_mails USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
create index outbox_mails_user_id_idx ON identity.outbox_mails USING btree (user_id);
alter table "identity"."user_api_keys" add constraint "user_api_keys_scopes_check" CHECK (((scopes <@ ARRAY['identity:read'::text, 'identity:write'::text, 'development:read'::text, 'development:write'::text, 'marketplace:read'::text, 'marketplace:write'::text, 'execution:read'::text, 'execution:write'::text, 'hub:operate'::text]) AND hub.is_set(scopes))) not valid;
alter table "identity"."user_sessions" add constraint "user_sessions_idle_seconds_check" CHECK (((idle_seconds >= 60) AND (idle_seconds <= 31536000))) not valid;
alter table "identity"."user_sessions" add constraint "user_sessions_last_seen_at_check" CHECK (((last_seen_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (last_seen_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))) not valid;
alter table "identity"."users" add constraint "users_anonymised_at_check" CHECK (((anonymised_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (anonymised_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))) not valid;
alter table "identity"."users" add constraint "users_roles_check" CHECK (((roles <@ ARRAY['consumer'::text, 'developer'::text, 'provider'::text, 'operator'::text, 'administrator'::text]) AND hub.is_set(roles))) not valid;
alter table "identity"."audit_events" add constraint "audit_events_user_id_fkey" FOREIGN KEY (user_id) REFERENCES identity.users(id) ON DELETE RESTRICT;
alter table "identity"."email_tokens" add constraint "email_tokens_user_id_fkey" FOREIGN KEY (user_id) REFERENCES identity.users(id) ON DELETE RESTRICT;
alter table "identity"."outbox_mails" add constraint "outbox_mails_user_id_fkey" FOREIGN KEY (user_id) REFERENCES identity.users(id) ON DELETE RESTRICT;
create trigger a_set_times BEFORE INSERT OR UPDATE ON identity.audit_events FOR EACH ROW EXECUTE FUNCTION hub.set_times();
alter table "identity"."audit_events" enable row level security;
alter table "identity"."audit_events" force row level security;
create policy "audit_events_add" on "identity"."audit_events" as permissive for insert to qhub_identity with check (((user_id IS NULL) OR (user_id = ( SELECT hub.actor() AS actor))));
create policy "audit_events_backup" on "identity"."audit_events" as permissive for select to qhub_backup using (true);
create policy "audit_events_maintenance" on "identity"."audit_events" as permissive for all to qhub_maintenance using (true) with check (true);
create policy "audit_events_own" on "identity"."audit_events" as permissive for select to qhub_identity using ((user_id = ( SELECT hub.actor() AS actor)));
create policy "audit_events_steward_add" on "identity"."audit_events" as permissive for insert to qhub_steward with check (true);
create policy "audit_events_steward_delete" on "identity"."audit_events" as permissive for delete to qhub_steward using ((created_at < (now() - '400 days'::interval)));
create policy "audit_events_steward_select" on "identity"."audit_events" as permissive for select to qhub_steward using (true);
create trigger a_set_times BEFORE INSERT OR UPDATE ON identity.email_tokens FOR EACH ROW EXECUTE FUNCTION hub.set_times();
alter table "identity"."email_tokens" enable row level security;
alter table "identity"."email_tokens" force row level security;
create policy "email_tokens_backup" on "identity"."email_tokens" as permissive for select to qhub_backup using (true);
create policy "email_tokens_maintenance" on "identity"."email_tokens" as permissive for all to qhub_maintenance using (true) with check (true);
create policy "email_tokens_own" on "identity"."email_tokens" as permissive for all to qhub_identity using ((user_id = ( SELECT hub.actor() AS actor))) with check ((user_id = ( SELECT hub.actor() AS actor)));
create policy "email_tokens_sign_in" on "identity"."email_tokens" as permissive for select to qhub_sign_in using (true);
create trigger a_set_times BEFORE INSERT OR UPDATE ON identity.outbox_mails FOR EACH ROW EXECUTE FUNCTION hub.set_times();
alter table "identity"."outbox_mails" enable row level security;
alter table "identity"."outbox_mails" force row level security;
create policy "outbox_mails_backup" on "identity"."outbox_mails" as permissive for select to qhub_backup using (true);
create policy "outbox_mails_maintenance" on "identity"."outbox_mails" as permissive for all to qhub_maintenance using (true) with check (true);
create policy "outbox_mails_own" on "identity"."outbox_mails" as permissive for all to qhub_identity using ((user_id = ( SELECT hub.actor() AS actor))) with check ((user_id = ( SELECT hub.actor() AS actor)));
create policy "outbox_mails_steward" on "identity"."outbox_mails" as permissive for all to qhub_steward using (true) with check (true);
create policy "user_api_keys_steward" on "identity"."user_api_keys" as permissive for all to qhub_steward using (true) with check (true);
create policy "user_sessions_steward" on "identity"."user_sessions" as permissive for all to qhub_steward using (true) with check (true);
create policy "users_steward" on "identity"."users" as permissive for all to qhub_steward using (true) with check (true);
comment on table "identity"."audit_events" is 'What was done to accounts; only ever added to, and kept for 400 days.';
comment on column "identity"."audit_events"."id" is 'UUIDv7, made in the application; its first 48 bits are the time it was made.';
comment on column "identity"."audit_events"."created_at" is 'When the row was made; kept by the database.';
comment on column "identity"."audit_events"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "identity"."audit_events"."user_id" is 'Whose account it is about; null: of no account that exists.';
comment on column "identity"."audit_events"."actor_id" is 'Who did it; null: nobody who was signed in, or the host itself.';
comment on column "identity"."audit_events"."credential_id" is 'The session or key that it was done with.';
comment on column "identity"."audit_events"."action" is 'What was done.';
comment on column "identity"."audit_events"."outcome" is 'Whether it was done or refused.';
comment on column "identity"."audit_events"."target" is 'What it was done to: the id of a key or session.';
comment on column "identity"."audit_events"."ip_address" is 'Where it was asked for.';
comment on column "identity"."audit_events"."user_agent" is 'What the client called itself.';
comment on column "identity"."audit_events"."details" is 'More facts, never a secret.';
comment on table "identity"."email_tokens" is 'The newest token that was mailed to a user for each purpose; only its SHA-256 is kept.';
comment on column "identity"."email_tokens"."id" is 'UUIDv7, made in the application; its first 48 bits are the time it was made.';
comment on column "identity"."email_tokens"."created_at" is 'When the row was made; kept by the database.';
comment on column "identity"."email_tokens"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "identity"."email_tokens"."user_id" is 'Whose account it is for.';
comment on column "identity"."email_tokens"."purpose" is 'The one thing that it is good for.';
comment on column "identity"."email_tokens"."email" is 'Where it was sent; of a verification, the address that is claimed.';
comment on column "identity"."email_tokens"."token_hash" is 'SHA-256 of the token.';
comment on column "identity"."email_tokens"."expires_at" is 'From when on it is refused.';
comment on column "identity"."email_tokens"."used_at" is 'When it was used, which it can be once; null: not yet.';
comment on table "identity"."outbox_mails" is 'Mails that wait to be sent, and those that were sent of late.';
comment on column "identity"."outbox_mails"."id" is 'UUIDv7, made in the application; its first 48 bits are the time it was made.';
comment on column "identity"."outbox_mails"."created_at" is 'When the row was made; kept by the database.';
comment on column "identity"."outbox_mails"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "identity"."outbox_mails"."user_id" is 'Who gets it.';
comment on column "identity"."outbox_mails"."template" is 'Which mail it is.';
comment on column "identity"."outbox_mails"."recipient" is 'The address that it goes to.';
comment on column "identity"."outbox_mails"."parameters" is 'What the template is filled with; nothing secret.';
comment on column "identity"."outbox_mails"."sealed_token" is 'The token, AES-256-GCM: 12 bytes nonce, text, 16 bytes tag; null: none, or no longer needed.';
comment on column "identity"."outbox_mails"."seal_key_id" is 'Which key of the server it was sealed with.';
comment on column "identity"."outbox_mails"."expires_at" is 'From when on sending it makes no sense.';
comment on column "identity"."outbox_mails"."attempts" is 'How often sending was tried.';
comment on column "identity"."outbox_mails"."next_attempt_at" is 'When it is tried next; null: never, it was sent or given up.';
comment on column "identity"."outbox_mails"."sent_at" is 'When a mail server took it.';
comment on column "identity"."outbox_mails"."last_error" is 'Why the last attempt failed.';
comment on column "identity"."user_api_keys"."replaces_id" is 'The key that this one was made to replace; a trail, which may lead nowhere.';
comment on column "identity"."user_sessions"."last_seen_at" is 'When it was last used; may lag by a minute.';
comment on column "identity"."user_sessions"."idle_seconds" is 'How long it may go unused before it ends, in seconds.';
comment on column "identity"."users"."email" is 'The address for mail and sign-in, unique without regard to case; null until it was shown to be theirs.';
comment on column "identity"."users"."anonymised_at" is 'When the owner deleted the account; the row stays for jobs and money, the person is gone.';
