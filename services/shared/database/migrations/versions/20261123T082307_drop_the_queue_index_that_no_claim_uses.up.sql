-- Description: drop the queue index that no claim uses
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: none

drop index concurrently "execution"."job_queue_claim_idx";
