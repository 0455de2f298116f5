-- Description: Takes back the rights to the events of devices; finished jobs keep what they ran.

create or replace function hub.keep_finished() returns trigger
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

revoke all on execution.device_events from qhub_execution, qhub_maintenance, qhub_backup;
