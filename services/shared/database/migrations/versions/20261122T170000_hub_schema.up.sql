-- Description: The schema hub and the functions that models, policies and triggers call.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows neither schemas without models nor shared functions.

create schema identity;
create schema development;
create schema marketplace;
create schema execution;
comment on schema hub is 'Bookkeeping, and functions that all schemas use.';
comment on schema identity is 'People, their keys and their sessions.';
comment on schema development is 'Projects, quantum applications and their versions.';
comment on schema marketplace is 'Offers, subscriptions and their keys.';
comment on schema execution is 'Platforms, devices, jobs and results.';

-- No SET clause and no plpgsql, so that the planner inlines it and policies can use indexes.
create function hub.actor() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('qhub.actor', true), '')::uuid $$;
comment on function hub.actor() is 'The signed-in user that the unit of work acts for, or null.';

create function hub.is_set(items text[]) returns boolean
  language sql immutable strict parallel safe
  as $$ select coalesce(array_ndims(items), 1) = 1
           and cardinality(items) = (select count(distinct item) from unnest(items) item) $$;
comment on function hub.is_set(text[]) is 'Whether a list holds no value twice and no null.';

create function hub.is_number_between(value jsonb, lowest numeric, highest numeric, whole boolean) returns boolean
  language sql immutable parallel safe
  as $$ select case when jsonb_typeof(value) = 'number'
           then value::numeric between lowest and highest and (not whole or value::numeric % 1 = 0)
           else false end $$;
comment on function hub.is_number_between(jsonb, numeric, numeric, boolean) is 'Whether a JSON value is a number in a range.';

-- The other judge of this is models/declaration/shapes.ts; a property test holds the two together.
create function hub.matches_shape(value jsonb, shape jsonb) returns boolean
  language plpgsql immutable strict parallel safe
  as $$
declare
  kind constant text := jsonb_typeof(value);
  item constant jsonb := shape -> 'of';
begin
  case shape ->> 't'
    when 'anyObject' then
      return kind = 'object'
        and not jsonb_path_exists(value, 'strict $.**{32 to last} ? (@.type() == "object" || @.type() == "array")');
    when 'string' then
      return kind = 'string' and char_length(value #>> '{}') <= (shape ->> 'max')::integer;
    when 'oneOf' then
      return kind = 'string' and item ? (value #>> '{}');
    when 'number', 'integer' then
      return hub.is_number_between(value, (shape ->> 'min')::numeric, (shape ->> 'max')::numeric, shape ->> 't' = 'integer');
    when 'array' then
      return kind = 'array' and jsonb_array_length(value) <= (shape ->> 'max')::integer
        and hub.all_match(case when kind = 'array' then array(select jsonb_array_elements(value)) end, item);
    when 'record' then
      return kind = 'object' and not value ? '__proto__' and (select count(*) from jsonb_object_keys(value)) <= (shape ->> 'max')::integer
        and hub.all_match(array(select entry.value from jsonb_each(value) entry), item);
    when 'object' then
      return kind = 'object' and value ?& array(select jsonb_array_elements_text(shape -> 'r'))
        and not exists (select from jsonb_each(value) entry
          where (hub.matches_shape(entry.value, shape -> 'p' -> entry.key)) is not true);
    else
      raise exception 'unknown shape %', shape;
  end case;
end $$;
comment on function hub.matches_shape(jsonb, jsonb) is 'Whether a JSON value has a declared shape.';

-- Lists of whole numbers (counts with up to a million keys) go in one set-based pass without a call an item.
create function hub.all_match(items jsonb[], shape jsonb) returns boolean
  language plpgsql immutable parallel safe
  as $$
declare
  lowest constant numeric := (shape ->> 'min')::numeric;
  highest constant numeric := (shape ->> 'max')::numeric;
begin
  if shape ->> 't' in ('integer', 'number') then
    return not exists (select from unnest(items) item
      where not hub.is_number_between(item, lowest, highest, shape ->> 't' = 'integer'));
  end if;
  return not exists (select from unnest(items) item where not hub.matches_shape(item, shape));
end $$;
comment on function hub.all_match(jsonb[], jsonb) is 'Whether all JSON values of a list have a declared shape.';

create function hub.set_times() returns trigger
  language plpgsql
  as $$
begin
  new.created_at := case tg_op when 'INSERT' then now() else old.created_at end;
  new.updated_at := now();
  return new;
end $$;
comment on function hub.set_times() is 'Keeps created_at and updated_at.';

create function hub.keep_released() returns trigger
  language plpgsql
  as $$
declare
  allowed record;
begin
  if old.status not in ('released', 'deprecated', 'yanked') then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  if tg_op = 'UPDATE' then
    allowed := new;
    allowed.status := old.status;
    allowed.updated_at := old.updated_at;
    if allowed is not distinct from old
       and (new.status = old.status
            or (old.status, new.status) in (('released', 'deprecated'), ('deprecated', 'released'),
                                            ('released', 'yanked'), ('deprecated', 'yanked'))) then
      return new;
    end if;
  end if;
  raise exception 'version % is %: a released version can only be deprecated or yanked', old.id, old.status
    using errcode = 'check_violation', schema = 'development', table = 'app_versions',
          constraint = 'app_versions_keep_released';
end $$;
comment on function hub.keep_released() is 'Refuses changes of a released version.';

-- Always, and not only where a released version is there: row security would hide it from the owner.
create function hub.refuse_truncate() returns trigger
  language plpgsql
  as $$
begin
  raise exception 'versions can''t be truncated: a released version never changes'
    using errcode = 'check_violation', schema = 'development', table = 'app_versions',
          constraint = 'app_versions_keep_released';
end $$;
comment on function hub.refuse_truncate() is 'Refuses to empty the table of versions.';

create function hub.keep_finished() returns trigger
  language plpgsql
  as $$
declare
  allowed record;
begin
  if old.status in ('completed', 'failed', 'cancelled') then
    allowed := new;
    allowed.name := old.name;
    allowed.cost_minor := old.cost_minor;
    allowed.currency := old.currency;
    allowed.updated_at := old.updated_at;
    if allowed is distinct from old then
      raise exception 'job % is %: a final status never changes', old.id, old.status
        using errcode = 'check_violation', schema = 'execution', table = 'jobs', constraint = 'jobs_keep_finished';
    end if;
  elsif new.status <> old.status and (old.status, new.status) not in (
      ('created', 'queued'), ('created', 'failed'), ('created', 'cancelled'),
      ('queued', 'running'), ('queued', 'failed'), ('queued', 'cancelled'),
      ('running', 'completed'), ('running', 'failed'), ('running', 'cancelling'), ('running', 'cancelled'),
      ('running', 'queued'),
      ('cancelling', 'cancelled'), ('cancelling', 'completed'), ('cancelling', 'failed')) then
    raise exception 'job % can''t go from % to %', old.id, old.status, new.status
      using errcode = 'check_violation', schema = 'execution', table = 'jobs', constraint = 'jobs_status_step';
  end if;
  return new;
end $$;
comment on function hub.keep_finished() is 'Holds jobs to their order of statuses; a finished job keeps all but its name and its cost.';

create function hub.copy_job_owner() returns trigger
  language plpgsql
  as $$
begin
  new.user_id := (select user_id from execution.jobs where id = new.id);
  return new;
end $$;
comment on function hub.copy_job_owner() is 'Gives a result the owner of its job.';
