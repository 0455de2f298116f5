-- Description: Drops the tables of the four domains, with their rows.
-- One statement, so that no cascade is needed: policies and foreign keys lead from table to table.

drop table
  execution.device_slots, execution.job_idempotency_keys, execution.job_queue, execution.job_results, execution.jobs,
  execution.devices, execution.platforms,
  marketplace.subscription_keys, marketplace.subscriptions, marketplace.marketplace_listings,
  development.app_versions, development.projects, development.quantum_apps,
  identity.user_sessions, identity.user_api_keys, identity.user_profiles, identity.users;
