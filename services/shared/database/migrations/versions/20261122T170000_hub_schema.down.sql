-- Description: Takes back the schema hub, its functions and the empty schemas of the domains.

drop function hub.copy_job_owner();
drop function hub.keep_finished();
drop function hub.refuse_truncate();
drop function hub.keep_released();
drop function hub.set_times();
drop function hub.matches_shape(jsonb, jsonb);
drop function hub.all_match(jsonb[], jsonb);
drop function hub.is_number_between(jsonb, numeric, numeric, boolean);
drop function hub.is_set(text[]);
drop function hub.actor();
drop schema execution;
drop schema marketplace;
drop schema development;
drop schema identity;
comment on schema hub is null;
