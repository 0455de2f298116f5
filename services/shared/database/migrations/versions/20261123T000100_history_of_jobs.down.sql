-- Description: Takes back the function that keeps the history of jobs.

drop function hub.keep_history();
