-- Description: Takes back the state of backfills.

drop table hub.backfills;
