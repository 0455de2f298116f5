-- Description: Takes back the rights to events, attempts and turns.

alter table execution.device_turns reset (
  fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay);
revoke all on execution.job_events_before_2026_11, execution.job_attempts_before_2026_11 from qhub_backup;
revoke all on execution.device_turns, execution.job_events, execution.job_attempts
  from qhub_execution, qhub_worker, qhub_maintenance, qhub_backup;
