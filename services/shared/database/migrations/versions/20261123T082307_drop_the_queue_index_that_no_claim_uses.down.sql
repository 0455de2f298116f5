-- Description: Takes back: drop the queue index that no claim uses
-- Transaction: none

create index concurrently job_queue_claim_idx ON execution.job_queue USING btree (device_id, priority DESC, id) WHERE (status = 'queued'::text);
