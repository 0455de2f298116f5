-- Description: Takes back the record of what was done for backups.

drop table hub.backup_runs;
