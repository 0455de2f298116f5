-- Description: Takes back: The steward ends mailed resets

drop policy "email_tokens_steward_delete" on "identity"."email_tokens";
drop policy "email_tokens_steward_select" on "identity"."email_tokens";

revoke delete on identity.email_tokens from qhub_steward;
revoke select (user_id, purpose, used_at) on identity.email_tokens from qhub_steward;
