-- Description: The steward ends mailed resets
-- Hazards: none
-- Reversible: yes
-- Breaking: no
-- Transaction: one

create policy "email_tokens_steward_delete" on "identity"."email_tokens" as permissive for delete to qhub_steward using ((purpose = 'reset_password'::text));
create policy "email_tokens_steward_select" on "identity"."email_tokens" as permissive for select to qhub_steward using ((purpose = 'reset_password'::text));

-- By hand: MikroORM's differ knows no grants. These are of models/privileges.ts (a test compares).
grant select (user_id, purpose, used_at), delete on identity.email_tokens to qhub_steward;
