-- Description: Hold the rows of identity.audit_events against what was added (Audit events name their request)
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one

alter table "identity"."audit_events" validate constraint "audit_events_request_id_check";
