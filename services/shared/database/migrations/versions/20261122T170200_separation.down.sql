-- Description: Takes back the look-ups before sign-in; the grants go with their tables.

drop trigger keep_released_all on development.app_versions;
drop function marketplace.find_subscription_key(bytea);
drop function identity.find_sign_in(text);
drop function identity.find_session(bytea);
drop function identity.find_api_key(bytea);
revoke usage on schema hub, identity, development, marketplace, execution
  from qhub_identity, qhub_development, qhub_marketplace, qhub_execution, qhub_worker, qhub_sign_in,
       qhub_maintenance, qhub_backup;
