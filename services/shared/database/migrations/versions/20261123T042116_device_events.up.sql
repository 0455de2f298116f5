-- Description: device events
-- Hazards: none
-- Reversible: loses data
-- Breaking: no
-- Transaction: one

create table "execution"."device_events" (
  "id" uuid not null,
  "created_at" timestamp with time zone default now() not null,
  "updated_at" timestamp with time zone default now() not null,
  "device_id" uuid not null,
  "actor_id" uuid not null,
  "credential_id" uuid not null,
  "status_before" text not null,
  "status_after" text not null,
  constraint "device_events_id_check" CHECK ((((get_byte(uuid_send(id), 6) >> 4) = 7) AND ((get_byte(uuid_send(id), 8) >> 6) = 2))),
  constraint "device_events_pkey" PRIMARY KEY (id),
  constraint "device_events_status_after_check" CHECK ((status_after = ANY (ARRAY['online'::text, 'offline'::text, 'maintenance'::text, 'retired'::text]))),
  constraint "device_events_status_before_check" CHECK ((status_before = ANY (ARRAY['online'::text, 'offline'::text, 'maintenance'::text, 'retired'::text])))
);
create index device_events_device_id_id_idx ON execution.device_events USING btree (device_id, id);
alter table "execution"."device_events" add constraint "device_events_device_id_fkey" FOREIGN KEY (device_id) REFERENCES execution.devices(id) ON DELETE RESTRICT;
create trigger a_set_times BEFORE INSERT OR UPDATE ON execution.device_events FOR EACH ROW EXECUTE FUNCTION hub.set_times();
comment on table "execution"."device_events" is 'Who switched which device, from what to what; only ever added to.';
comment on column "execution"."device_events"."id" is 'UUIDv7, made in the application; its first 48 bits are the time it was made.';
comment on column "execution"."device_events"."created_at" is 'When the row was made; kept by the database.';
comment on column "execution"."device_events"."updated_at" is 'When the row last changed; kept by the database.';
comment on column "execution"."device_events"."device_id" is 'The device.';
comment on column "execution"."device_events"."actor_id" is 'The operator who switched it.';
comment on column "execution"."device_events"."credential_id" is 'The session or key that it was done with.';
comment on column "execution"."device_events"."status_before" is 'What it was before.';
comment on column "execution"."device_events"."status_after" is 'What it was switched to.';
