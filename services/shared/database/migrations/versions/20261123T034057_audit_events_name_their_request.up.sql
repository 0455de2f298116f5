-- Description: Audit events name their request
-- Hazards: none
-- Reversible: loses data
-- Breaking: no
-- Transaction: one

alter table "identity"."audit_events" add column "request_id" text;
alter table "identity"."audit_events" add constraint "audit_events_request_id_check" CHECK ((char_length(request_id) <= 200)) not valid;
comment on column "identity"."audit_events"."request_id" is 'The request, as the log of the server names it; null: the host itself.';
