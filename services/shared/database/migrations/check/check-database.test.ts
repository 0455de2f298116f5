/** Guarantee: every kind of drift is named, nothing else is, and partitions made at run time are no drift. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPartitions } from '../../partitions/create-partitions.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts';
import type { Difference } from '../catalog/compare.ts';
import { checkDatabase } from './check-database.ts';

let live: TestDatabase;
let reference: TestDatabase;
before(async () => {
  [live, reference] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
after(async () => {
  await live[Symbol.asyncDispose]();
  await reference[Symbol.asyncDispose]();
});

const check = () => checkDatabase(live.admin, { session: reference.admin, address: reference.administrator });

/** What is done by hand, and how it is to be named: kind, object, and of a change what has changed. */
const planted: [sql: string, ...expected: string[]][] = [
  ['create table identity.notes (id uuid primary key)', 'extra table identity.notes'],
  ['create schema sales', 'extra schema sales'],
  ['alter table identity.users add column shoe_size integer', 'extra column identity.users.shoe_size'],
  [
    'alter table marketplace.subscription_keys drop column name cascade',
    'missing column marketplace.subscription_keys.name',
    'missing constraint subscription_keys_name_check on marketplace.subscription_keys',
  ],
  [
    'alter table identity.users alter column full_name type varchar(300)',
    'changed column identity.users.full_name: type',
    'changed constraint users_full_name_check on identity.users: definition',
  ],
  [
    'alter table identity.users alter column username drop not null',
    'changed column identity.users.username: not null',
  ],
  [
    'alter table execution.jobs alter column shots set default 1',
    'changed column execution.jobs.shots: default',
  ],
  ["comment on column identity.users.email is 'other'", 'changed column identity.users.email: comment'],
  [
    'alter table identity.user_api_keys drop constraint user_api_keys_name_check',
    'missing constraint user_api_keys_name_check on identity.user_api_keys',
  ],
  [
    'alter table execution.devices drop constraint devices_qubits_check; alter table execution.devices add constraint devices_qubits_check check (qubits > 0) not valid',
    'changed constraint devices_qubits_check on execution.devices: definition',
  ],
  [
    'alter table identity.users add constraint users_odd_check check (email <> full_name)',
    'extra constraint users_odd_check on identity.users',
  ],
  [
    'create index users_created_at_idx on identity.users (created_at)',
    'extra index identity.users_created_at_idx',
  ],
  [
    'drop index identity.users_email_key; create unique index users_email_key on identity.users (upper(email))',
    'changed index identity.users_email_key: definition',
  ],
  [
    'drop index identity.user_sessions_user_id_idx',
    'missing index identity.user_sessions_user_id_idx',
    'unindexed constraint user_sessions_user_id_fkey on identity.user_sessions',
  ],
  ['drop policy users_backup on identity.users', 'missing policy users_backup on identity.users'],
  ['create policy open on identity.users using (true)', 'extra policy open on identity.users'],
  [
    "alter policy projects_backup on development.projects using (name <> 'x')",
    'changed policy projects_backup on development.projects: using',
  ],
  [
    'alter policy projects_maintenance on development.projects to qhub_maintenance, qhub_identity',
    'changed policy projects_maintenance on development.projects: roles',
  ],
  [
    'alter table identity.user_profiles no force row level security',
    'changed table identity.user_profiles: row security',
  ],
  [
    'alter table identity.user_sessions disable trigger a_set_times',
    'changed trigger a_set_times on identity.user_sessions: enabled',
  ],
  [
    'drop trigger keep_released_all on development.app_versions',
    'missing trigger keep_released_all on development.app_versions',
  ],
  [
    'create trigger extra before update on identity.users for each row execute function hub.set_times()',
    'extra trigger extra on identity.users',
  ],
  [
    "create or replace function hub.is_set(items text[]) returns boolean language sql immutable strict parallel safe as 'select true'; comment on function hub.is_set(text[]) is 'x'",
    'changed function hub.is_set(text[]): definition',
    'changed function hub.is_set(text[]): comment',
  ],
  [
    'alter function identity.find_sign_in(text) owner to qhub_owner',
    'changed function identity.find_sign_in(text): owner',
  ],
  [
    'alter function identity.find_session(bytea) reset search_path',
    'changed function identity.find_session(bytea): definition',
  ],
  [
    'grant delete on identity.users to qhub_identity',
    'extra grant delete on table identity.users to qhub_identity',
  ],
  [
    'revoke select on development.quantum_apps from qhub_marketplace',
    'missing grant select on table development.quantum_apps to qhub_marketplace',
  ],
  [
    'grant select (password_hash) on identity.users to qhub_marketplace',
    'extra grant select (password_hash) on table identity.users to qhub_marketplace',
  ],
  ['grant usage on schema identity to public', 'extra grant usage on schema identity to public'],
  [
    'grant select on execution.platforms to qhub_execution with grant option',
    'changed grant select on table execution.platforms to qhub_execution: with grant option',
  ],
  [
    'alter default privileges for role qhub_sign_in grant execute on functions to public',
    'missing default privileges on functions made by qhub_sign_in',
  ],
  [
    'alter default privileges for role qhub_owner grant select on tables to qhub_identity',
    'extra default privileges on tables made by qhub_owner',
  ],
  ['alter table execution.platforms owner to postgres', 'changed table execution.platforms: owner'],
  [
    'alter table execution.device_slots reset (fillfactor)',
    'changed table execution.device_slots: storage parameters',
  ],
  [
    'alter table execution.job_idempotency_keys set unlogged',
    'changed table execution.job_idempotency_keys: persistence',
  ],
  ['create extension citext schema hub', 'extra extension citext'],
  ["create type hub.mood as enum ('well', 'ill')", 'extra type hub.mood'],
  [
    'create view development.released as select id from development.app_versions',
    'extra view development.released',
  ],
  ['create sequence execution.numbers', 'extra sequence execution.numbers'],
  [
    'create statistics identity.user_facts on email, full_name from identity.users',
    'extra statistics identity.user_facts',
  ],
  ['create publication everything', 'extra publication everything'],
  [
    'create rule quiet as on delete to identity.user_profiles do instead nothing',
    'extra rule quiet on identity.user_profiles',
  ],
  [
    'grant select on execution.jobs_before_2026_11 to qhub_identity',
    'changed partition execution.jobs_before_2026_11: grants',
  ],
];

const title = ({ kind, object, fact }: Difference) => `${kind} ${object}${fact ? `: ${fact}` : ''}`;

describe('drift', () => {
  it('is none in a healthy database, nor by partitions and rows', async () => {
    assert.deepEqual(await check(), []);
    assert.ok((await createPartitions(live.admin, { monthsAhead: 15 })).length >= 4);
    assert.deepEqual(await check(), []);
  });

  it(`of ${planted.length} plants is named, each by what it is, and nothing besides`, async () => {
    for (const [sql] of planted) await live.admin.query(sql);
    const differences = await check();
    const expected = planted.flatMap(([, ...titles]) => titles);
    assert.deepEqual(differences.map(title).toSorted(), expected.toSorted());
    for (const { sentence, object } of differences) {
      assert.ok(sentence.includes(object), `"${sentence}" names ${object}`);
      assert.ok(sentence.length < 600 && !sentence.includes('\n'), sentence);
    }
    const username = differences.find((one) => title(one).endsWith('username: not null'));
    assert.equal(
      username?.sentence,
      'the column identity.users.username has another not null: expected yes, found no',
    );
  });

  it('between models and migrations is told as the SQL that a migration would need', async () => {
    await reference.admin.query('alter table identity.users drop column full_name');
    const model = (await check()).filter(({ kind }) => kind === 'model');
    assert.ok(model.length > 0);
    assert.ok(model.every(({ sentence }) => sentence.includes('npx create-migration')));
    assert.ok(model.some(({ sentence }) => sentence.includes('full_name')));
  });
});
