-- Description: Takes back the look-ups before sign-in and every right that a role was given.

drop trigger keep_released_all on development.app_versions;
drop function marketplace.find_subscription_key(bytea);
drop function identity.find_sign_in(text);
drop function identity.find_session(bytea);
drop function identity.find_api_key(bytea);
revoke all on all tables in schema hub, identity, development, marketplace, execution
  from qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in,
       qhub_maintenance, qhub_backup;
revoke all on all functions in schema hub
  from qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in,
       qhub_maintenance, qhub_backup;
revoke usage on schema hub, identity, development, marketplace, execution
  from qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in,
       qhub_maintenance, qhub_backup;
