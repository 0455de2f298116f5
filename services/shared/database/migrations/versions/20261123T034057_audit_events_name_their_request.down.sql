-- Description: Takes back: Audit events name their request

alter table "identity"."audit_events" drop constraint "audit_events_request_id_check";
alter table "identity"."audit_events" drop column "request_id";
