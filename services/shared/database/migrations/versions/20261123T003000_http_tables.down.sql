-- Description: Takes back rate limits and kept answers.

drop table hub.idempotent_answers;
drop table hub.rate_windows;
