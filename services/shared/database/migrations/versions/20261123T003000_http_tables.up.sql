-- Description: Rate limits that all processes share, and answers kept for idempotent requests.
-- Hazards: none
-- Reversible: loses data
-- Breaking: no
-- Transaction: one
-- Written by hand: bookkeeping of the server in the schema hub has no models.

-- Unlogged: a crash forgets how many requests there were in the last minutes, and nothing else; no WAL for each count.
create unlogged table hub.rate_windows (
  key bytea not null,
  taken integer not null,
  ends_at timestamptz not null,
  constraint rate_windows_pkey primary key (key),
  constraint rate_windows_key_check check (octet_length(key) = 32),
  constraint rate_windows_taken_check check (taken > 0)
);
create index rate_windows_ends_at_index on hub.rate_windows (ends_at);
comment on table hub.rate_windows is 'How many requests of a limit were taken in its present window.';
comment on column hub.rate_windows.key is 'SHA-256 of what is limited: a key, an address, an account. Tells nobody which.';
comment on column hub.rate_windows.taken is 'Requests that processes took, whether or not they have spent them.';
comment on column hub.rate_windows.ends_at is 'When counting begins anew.';

grant select, insert, update, delete on hub.rate_windows to qhub_identity, qhub_development, qhub_marketplace, qhub_execution;
grant select on hub.rate_windows to qhub_backup;

create table hub.idempotent_answers (
  service text not null,
  user_id uuid not null,
  route text not null,
  key_hash bytea not null,
  request_hash bytea not null,
  claim uuid not null,
  claimed_at timestamptz not null default now(),
  status integer,
  headers jsonb not null default '{}',
  body text,
  secret boolean not null default false,
  expires_at timestamptz not null default now() + interval '24 hours',
  constraint idempotent_answers_pkey primary key (service, user_id, route, key_hash),
  constraint idempotent_answers_service_check check (service in ('identity', 'development', 'marketplace', 'execution')),
  constraint idempotent_answers_key_hash_check check (octet_length(key_hash) = 32),
  constraint idempotent_answers_request_hash_check check (octet_length(request_hash) = 32),
  constraint idempotent_answers_status_check check (status between 200 and 299),
  constraint idempotent_answers_secret_check check (not secret or (body is null and headers = '{}'))
);
create index idempotent_answers_expires_at_index on hub.idempotent_answers (expires_at);
comment on table hub.idempotent_answers is 'Answers that are given again when a creation is repeated with its Idempotency-Key.';
comment on column hub.idempotent_answers.service is 'The service whose route it is; no other sees the row.';
comment on column hub.idempotent_answers.user_id is 'Whose request it was. No foreign key: rows live for a day, and the schema is nobody''s.';
comment on column hub.idempotent_answers.route is 'Method and pattern of the path.';
comment on column hub.idempotent_answers.key_hash is 'SHA-256 of the key that the caller chose.';
comment on column hub.idempotent_answers.request_hash is 'SHA-256 of path and body: another request with the same key is refused.';
comment on column hub.idempotent_answers.claim is 'Of the request that is answering it: one that was taken over writes nothing any more.';
comment on column hub.idempotent_answers.claimed_at is 'When answering began; two minutes later another request may take over.';
comment on column hub.idempotent_answers.status is 'Of the answer; null while it is being found.';
comment on column hub.idempotent_answers.headers is 'Of the answer.';
comment on column hub.idempotent_answers.body is 'Of the answer, JSON; null where it has none or showed a secret.';
comment on column hub.idempotent_answers.secret is 'The answer showed a secret: it is not kept, and a repetition is told so.';
comment on column hub.idempotent_answers.expires_at is 'When the key can be used again.';

grant select, insert, update, delete on hub.idempotent_answers to qhub_identity, qhub_development, qhub_marketplace, qhub_execution;
grant select on hub.idempotent_answers to qhub_backup;

alter table hub.idempotent_answers enable row level security;
alter table hub.idempotent_answers force row level security;
create policy idempotent_answers_identity on hub.idempotent_answers to qhub_identity using (service = 'identity' and user_id = (select hub.actor())) with check (service = 'identity' and user_id = (select hub.actor()));
create policy idempotent_answers_development on hub.idempotent_answers to qhub_development using (service = 'development' and user_id = (select hub.actor())) with check (service = 'development' and user_id = (select hub.actor()));
create policy idempotent_answers_marketplace on hub.idempotent_answers to qhub_marketplace using (service = 'marketplace' and user_id = (select hub.actor())) with check (service = 'marketplace' and user_id = (select hub.actor()));
create policy idempotent_answers_execution on hub.idempotent_answers to qhub_execution using (service = 'execution' and user_id = (select hub.actor())) with check (service = 'execution' and user_id = (select hub.actor()));
-- Whoever sweeps sees, without an actor, only what is over; DELETE reads what it deletes.
create policy idempotent_answers_expired_seen on hub.idempotent_answers for select to qhub_identity, qhub_development, qhub_marketplace, qhub_execution using (expires_at <= now() and (select hub.actor()) is null);
create policy idempotent_answers_expired on hub.idempotent_answers for delete to qhub_identity, qhub_development, qhub_marketplace, qhub_execution using (expires_at <= now() and (select hub.actor()) is null);
create policy idempotent_answers_backup on hub.idempotent_answers for select to qhub_backup using (true);
