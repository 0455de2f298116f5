-- Description: The schema archive, where detached partitions of jobs and results go.
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one

create schema archive;
comment on schema archive is 'Detached partitions of jobs and results: kept, no longer part of the hub.';
-- Nobody but the owner and the backup: a schema that pg_dump may not read makes every dump fail.
grant usage on schema archive to qhub_backup;
