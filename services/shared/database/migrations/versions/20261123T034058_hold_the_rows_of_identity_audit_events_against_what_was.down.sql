-- Description: Takes back: Hold the rows of identity.audit_events against what was added (Audit events name their request)

alter table "identity"."audit_events" drop constraint "audit_events_request_id_check";
alter table "identity"."audit_events" add constraint "audit_events_request_id_check" CHECK ((char_length(request_id) <= 200)) NOT VALID;
