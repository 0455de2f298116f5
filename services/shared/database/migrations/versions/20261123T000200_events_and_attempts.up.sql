-- Description: Jobs keep what is asked, events, attempts and turns
-- Hazards: blocking-constraint, blocking-index
-- Reversible: loses data
-- Breaking: yes: what callers write into execution.job_queue keeps job_queue_lease_check; what callers write into execution.job_queue keeps job_queue_status_check; what callers write into execution.jobs keeps jobs_error_check
-- Transaction: one

alter table "execution"."job_queue" drop constraint "job_queue_lease_check";
alter table "execution"."job_queue" drop constraint "job_queue_status_check";
drop index "execution"."job_queue_lease_idx";
alter table "execution"."jobs" drop constraint "jobs_error_check";
create table "execution"."device_turns" (
  "id" uuid not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "device_id" uuid not null,
  "user_id" uuid not null,
  "last_started_at" timestamp with time zone not null,
  constraint "device_turns_device_id_user_id_key" UNIQUE (device_id, user_id),
  constraint "device_turns_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "device_turns_last_started_at_check" CHECK (((last_started_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (last_started_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "device_turns_pkey" PRIMARY KEY (id)
);
create table "execution"."job_attempts" (
  "id" uuid not null,
  "number" smallint not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "user_id" uuid not null,
  "worker_number" integer not null,
  "worker_name" text not null,
  "device_snapshot" jsonb not null,
  "finished_at" timestamp with time zone,
  "outcome" text,
  "error_code" text,
  "error_message" text,
  constraint "job_attempts_device_snapshot_check" CHECK (((octet_length((device_snapshot)::text) <= 4194304) AND hub.matches_shape(device_snapshot, '{"t": "anyObject"}'::jsonb))),
  constraint "job_attempts_error_check" CHECK (((error_code IS NULL) OR (outcome <> 'completed'::text))),
  constraint "job_attempts_error_code_check" check (char_length(error_code) between 1 and 100 and error_code ~ '^[a-z0-9_]+(\.[a-z0-9_]+)*$'),
  constraint "job_attempts_error_message_check" CHECK ((char_length(error_message) <= 10000)),
  constraint "job_attempts_finished_at_check" CHECK (((finished_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (finished_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone))),
  constraint "job_attempts_finished_check" CHECK (((finished_at IS NULL) = (outcome IS NULL))),
  constraint "job_attempts_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "job_attempts_number_check" CHECK (((number >= 1) AND (number <= 32767))),
  constraint "job_attempts_outcome_check" CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text, 'handed_back'::text, 'lost'::text]))),
  constraint "job_attempts_pkey" PRIMARY KEY (id, number),
  constraint "job_attempts_worker_name_check" CHECK (((char_length(worker_name) >= 1) AND (char_length(worker_name) <= 200))),
  constraint "job_attempts_worker_number_check" CHECK (((worker_number >= 0) AND (worker_number <= 2147483647)))
) partition by RANGE (id);
create table "execution"."job_attempts_before_2026_11" partition of "execution"."job_attempts" FOR VALUES FROM (MINVALUE) TO ('01a19467-e800-7000-8000-000000000000');
create table "execution"."job_events" (
  "id" uuid not null,
  "number" integer not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "user_id" uuid not null,
  "status" text not null,
  "origin" text not null,
  "actor_id" uuid,
  "attempt" smallint,
  "reason_code" text,
  "reason_message" text,
  constraint "job_events_attempt_check" CHECK (((attempt >= 0) AND (attempt <= 32767))),
  constraint "job_events_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "job_events_number_check" CHECK (((number >= 1) AND (number <= 2147483647))),
  constraint "job_events_origin_check" CHECK ((origin = ANY (ARRAY['user'::text, 'worker'::text, 'reaper'::text, 'operator'::text, 'scheduler'::text]))),
  constraint "job_events_pkey" PRIMARY KEY (id, number),
  constraint "job_events_reason_code_check" check (char_length(reason_code) between 1 and 100 and reason_code ~ '^[a-z0-9_]+(\.[a-z0-9_]+)*$'),
  constraint "job_events_reason_message_check" CHECK ((char_length(reason_message) <= 10000)),
  constraint "job_events_status_check" CHECK ((status = ANY (ARRAY['created'::text, 'queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelling'::text, 'cancelled'::text])))
) partition by RANGE (id);
create table "execution"."job_events_before_2026_11" partition of "execution"."job_events" FOR VALUES FROM (MINVALUE) TO ('01a19467-e800-7000-8000-000000000000');
alter table "execution"."job_queue" add column "failures" smallint default 0 not null;
alter table "execution"."job_queue" add column "max_attempts" smallint default 3 not null;
alter table "execution"."job_queue" add column "progress" double precision;
alter table "execution"."jobs" add column "program_hash" bytea;
alter table "execution"."jobs" add column "request_kind" text default 'counts'::text not null;
alter table "execution"."jobs" add column "observables" jsonb;
alter table "execution"."jobs" add column "seed" bigint;
alter table "execution"."jobs" add column "memory" boolean default false not null;
alter table "execution"."jobs" add column "scheduled_for" timestamp with time zone;
alter table "execution"."jobs" add column "max_run_seconds" integer;
alter table "execution"."jobs" add column "max_attempts" smallint default 3 not null;
alter table "execution"."jobs" add column "retry_of" uuid;
alter table "execution"."jobs" add column "attempts" smallint default 0 not null;
alter table "execution"."jobs" add column "events" integer default 0 not null;
alter table "execution"."jobs" add column "cancel_requested_at" timestamp with time zone;
alter table "execution"."jobs" add column "cancel_requested_by" uuid;
alter table "execution"."jobs" alter column "shots" drop not null;
create index device_turns_user_id_idx ON execution.device_turns USING btree (user_id);
alter table "execution"."job_queue" add constraint "job_queue_failures_check" CHECK (((failures >= 0) AND (failures <= 32767)));
alter table "execution"."job_queue" add constraint "job_queue_lease_check" CHECK (
CASE
    WHEN (status = ANY (ARRAY['waiting'::text, 'queued'::text])) THEN (num_nulls(lease_token, lease_until, slot_number, worker_number) = 4)
    ELSE (num_nonnulls(lease_token, lease_until, slot_number, worker_number) = 4)
END);
alter table "execution"."job_queue" add constraint "job_queue_max_attempts_check" CHECK (((max_attempts >= 1) AND (max_attempts <= 20)));
alter table "execution"."job_queue" add constraint "job_queue_progress_check" CHECK (((progress >= (0)::double precision) AND (progress <= (1)::double precision)));
alter table "execution"."job_queue" add constraint "job_queue_status_check" CHECK ((status = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text, 'cancelling'::text])));
create index job_queue_due_idx ON execution.job_queue USING btree (run_at) WHERE (status = 'waiting'::text);
create index job_queue_lease_idx ON execution.job_queue USING btree (lease_until) WHERE (status = ANY (ARRAY['running'::text, 'cancelling'::text]));
alter table "execution"."jobs" add constraint "jobs_attempts_check" CHECK (((attempts >= 0) AND (attempts <= 32767)));
alter table "execution"."jobs" add constraint "jobs_cancel_requested_at_check" CHECK (((cancel_requested_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (cancel_requested_at <= '9999-12-31 23:59:59.999+00'::timestamp with time zone)));
alter table "execution"."jobs" add constraint "jobs_error_check" CHECK (((error_code IS NULL) OR (status = ANY (ARRAY['failed'::text, 'cancelled'::text]))));
alter table "execution"."jobs" add constraint "jobs_events_check" CHECK (((events >= 0) AND (events <= 2147483647)));
alter table "execution"."jobs" add constraint "jobs_max_attempts_check" CHECK (((max_attempts >= 1) AND (max_attempts <= 20)));
alter table "execution"."jobs" add constraint "jobs_max_run_seconds_check" CHECK (((max_run_seconds >= 1) AND (max_run_seconds <= 604800)));
alter table "execution"."jobs" add constraint "jobs_observables_check" CHECK (((octet_length((observables)::text) <= 1048576) AND hub.matches_shape(observables, '{"t": "array", "of": {"t": "string", "max": 10000}, "max": 1000}'::jsonb)));
alter table "execution"."jobs" add constraint "jobs_program_hash_check" CHECK (((octet_length(program_hash) >= 32) AND (octet_length(program_hash) <= 32)));
alter table "execution"."jobs" add constraint "jobs_request_check" CHECK (((observables IS NULL) = (request_kind <> 'expectation'::text)));
alter table "execution"."jobs" add constraint "jobs_request_kind_check" CHECK ((request_kind = ANY (ARRAY['counts'::text, 'expectation'::text, 'resources'::text])));
alter table "execution"."jobs" add constraint "jobs_scheduled_for_check" CHECK (((scheduled_for >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (scheduled_for <= '9999-12-31 23:59:59.999+00'::timestamp with time zone)));
alter table "execution"."jobs" add constraint "jobs_seed_check" CHECK (((seed >= 0) AND (seed <= '9007199254740991'::bigint)));
alter table "execution"."device_turns" add constraint "device_turns_device_id_fkey" FOREIGN KEY (device_id) REFERENCES execution.devices(id) ON DELETE RESTRICT;
alter table "execution"."device_turns" add constraint "device_turns_user_id_fkey" FOREIGN KEY (user_id) REFERENCES identity.users(id) ON DELETE RESTRICT;
create trigger a_set_times BEFORE INSERT OR UPDATE ON execution.device_turns FOR EACH ROW EXECUTE FUNCTION hub.set_times();
create trigger a_set_times BEFORE INSERT OR UPDATE ON execution.job_attempts FOR EACH ROW EXECUTE FUNCTION hub.set_times();
alter table "execution"."job_attempts" enable row level security;
alter table "execution"."job_attempts" force row level security;
create policy "job_attempts_backup" on "execution"."job_attempts" as permissive for select to qhub_backup using (true);
create policy "job_attempts_maintenance" on "execution"."job_attempts" as permissive for all to qhub_maintenance using (true) with check (true);
create policy "job_attempts_own" on "execution"."job_attempts" as permissive for select to qhub_execution using ((user_id = ( SELECT hub.actor() AS actor)));
create policy "job_attempts_worker" on "execution"."job_attempts" as permissive for all to qhub_worker using (true) with check (true);
create trigger a_set_times BEFORE INSERT OR UPDATE ON execution.job_events FOR EACH ROW EXECUTE FUNCTION hub.set_times();
create trigger keep_history BEFORE DELETE OR UPDATE ON execution.job_events FOR EACH ROW EXECUTE FUNCTION hub.keep_history();
alter table "execution"."job_events" enable row level security;
alter table "execution"."job_events" force row level security;
create policy "job_events_backup" on "execution"."job_events" as permissive for select to qhub_backup using (true);
create policy "job_events_maintenance" on "execution"."job_events" as permissive for all to qhub_maintenance using (true) with check (true);
create policy "job_events_own" on "execution"."job_events" as permissive for select to qhub_execution using ((user_id = ( SELECT hub.actor() AS actor)));
create policy "job_events_own_insert" on "execution"."job_events" as permissive for insert to qhub_execution with check ((user_id = ( SELECT hub.actor() AS actor)));
create policy "job_events_worker" on "execution"."job_events" as permissive for all to qhub_worker using (true) with check (true);
comment on table "execution"."device_turns" is 'When each user last had a turn on each device; the fair share between users is decided by it.';
comment on column "execution"."device_turns"."id" is 'UUIDv7, made in the application; its first 48 bits are the time it was made.';
comment on column "execution"."device_turns"."created_at" is 'When the row was made; kept by the database.';
comment on column "execution"."device_turns"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "execution"."device_turns"."device_id" is 'The device.';
comment on column "execution"."device_turns"."user_id" is 'Whose turn it was.';
comment on column "execution"."device_turns"."last_started_at" is 'When a job of theirs was last started there.';
comment on table "execution"."job_attempts" is 'Starts of jobs on devices; an attempt''s id is its job''s id. Partitioned as jobs are.';
comment on column "execution"."job_attempts"."id" is 'The job''s id; with the number it is the key.';
comment on column "execution"."job_attempts"."number" is 'Counted from 1 in each job.';
comment on column "execution"."job_attempts"."created_at" is 'When the row was made; kept by the database.';
comment on column "execution"."job_attempts"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "execution"."job_attempts"."user_id" is 'Whose job it is.';
comment on column "execution"."job_attempts"."worker_number" is 'The worker that took it, by its number.';
comment on column "execution"."job_attempts"."worker_name" is 'The worker that took it: host and process.';
comment on column "execution"."job_attempts"."device_snapshot" is 'The device as it was then: its name, its status and the adapter''s profile.';
comment on column "execution"."job_attempts"."finished_at" is 'When it ended; null: it runs.';
comment on column "execution"."job_attempts"."outcome" is 'How it ended; null: it runs.';
comment on column "execution"."job_attempts"."error_code" is 'Why it did not end in a result, for programs.';
comment on column "execution"."job_attempts"."error_message" is 'The same for people.';
comment on table "execution"."job_events" is 'What became of jobs, change by change; an event''s id is its job''s id. Partitioned as jobs are.';
comment on column "execution"."job_events"."id" is 'The job''s id; with the number it is the key.';
comment on column "execution"."job_events"."number" is 'Counted from 1 in each job, without gaps.';
comment on column "execution"."job_events"."created_at" is 'When the row was made; kept by the database.';
comment on column "execution"."job_events"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "execution"."job_events"."user_id" is 'Whose job it is.';
comment on column "execution"."job_events"."status" is 'Where the job stood after the change.';
comment on column "execution"."job_events"."origin" is 'Who made the change.';
comment on column "execution"."job_events"."actor_id" is 'The user or operator who asked for it; null: nobody did.';
comment on column "execution"."job_events"."attempt" is 'The attempt that it belongs to; null: none.';
comment on column "execution"."job_events"."reason_code" is 'Why, for programs.';
comment on column "execution"."job_events"."reason_message" is 'Why, for people.';
comment on column "execution"."job_queue"."status" is 'Whether it waits for its time, for a slot, runs, or is to stop running.';
comment on column "execution"."job_queue"."failures" is 'How many of these starts failed; being handed back is none.';
comment on column "execution"."job_queue"."max_attempts" is 'The job''s own limit of failures.';
comment on column "execution"."job_queue"."progress" is 'Share of the present run that is done, 0 to 1.';
comment on column "execution"."jobs"."program_hash" is 'SHA-256 of the program''s bytes as they run; null: made before it was kept.';
comment on column "execution"."jobs"."request_kind" is 'What is asked of the device.';
comment on column "execution"."jobs"."observables" is 'What is to be measured where expectation values are asked for.';
comment on column "execution"."jobs"."shots" is 'How often it is run and measured; null: not sampled (exact values, resource estimates).';
comment on column "execution"."jobs"."seed" is 'Seed of all that is random in it; null: nothing is, or the device chooses.';
comment on column "execution"."jobs"."memory" is 'Whether the outcome of each shot is asked for, in its order.';
comment on column "execution"."jobs"."scheduled_for" is 'Not to be started before; null: as soon as a device is free.';
comment on column "execution"."jobs"."max_run_seconds" is 'How long one attempt may run, in seconds; null: what the hub gives.';
comment on column "execution"."jobs"."max_attempts" is 'How often it is tried at most when the hub or the device fails; 1: once.';
comment on column "execution"."jobs"."retry_of" is 'The finished job that this one repeats.';
comment on column "execution"."jobs"."attempts" is 'How often it was started.';
comment on column "execution"."jobs"."events" is 'How many events it has: the last one''s number.';
comment on column "execution"."jobs"."cancel_requested_at" is 'When its end was first asked for.';
comment on column "execution"."jobs"."cancel_requested_by" is 'The user who asked for it: its own, or an operator.';
comment on column "execution"."jobs"."error_code" is 'Why it failed or was cancelled, for programs.';
comment on column "execution"."jobs"."error_message" is 'Why it failed or was cancelled, for people.';
