-- Description: The function that keeps the history of jobs as it was written.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows no shared functions.

create function hub.keep_history() returns trigger
  language plpgsql
  as $$
declare
  allowed record;
begin
  if tg_op = 'UPDATE' then
    allowed := new;
    allowed.updated_at := old.updated_at;
    if allowed is not distinct from old then
      return new;
    end if;
  end if;
  raise exception 'event % of job % is written: history never changes', old.number, old.id
    using errcode = 'check_violation', schema = 'execution', table = 'job_events', constraint = 'job_events_keep_history';
end $$;
comment on function hub.keep_history() is 'Refuses changes of what has happened to a job.';
grant execute on function hub.keep_history() to qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in, qhub_maintenance, qhub_backup;
