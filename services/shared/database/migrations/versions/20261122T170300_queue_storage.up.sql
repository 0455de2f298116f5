-- Description: Lets the small tables of the queue be vacuumed early and updated in place (ADR 0001).
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one
-- Written by hand: MikroORM's differ knows no storage parameters.

alter table execution.job_queue set (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
alter table execution.device_slots set (
  fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
