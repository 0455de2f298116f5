-- Description: Rights to events, attempts and turns, and how the table of turns is kept.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows no grants and no storage parameters. The grants are those of
-- models/privileges.ts (a test compares).

grant select, insert on execution.job_events to qhub_execution, qhub_worker;
grant select on execution.job_attempts to qhub_execution;
grant select, insert, update on execution.job_attempts, execution.device_turns to qhub_worker;
grant select, insert, update, delete on execution.device_turns, execution.job_events, execution.job_attempts to qhub_maintenance;
grant select on execution.device_turns, execution.job_events, execution.job_attempts to qhub_backup;
-- pg_dump reads each partition by itself; all other roles come through the parent.
grant select on execution.job_events_before_2026_11, execution.job_attempts_before_2026_11 to qhub_backup;

-- Written at each start of a job, as the queue is (ADR 0001).
alter table execution.device_turns set (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
