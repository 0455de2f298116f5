/** Guarantee: no service can give its actor a right that is somebody else's: a subscription to what is not offered, a job on another's. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '@quantum-hub/kernel';
import type { Client } from 'pg';
import { serviceRoles } from '../provision/roles.ts';
import { tryAs, verdict } from '../testing/acting.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

const refused = '42501';
const published = { status: 'published', published_at: '2026-11-01T00:00:00Z' };

let db: TestDatabase;
let admin: Client;
let user: string;
let other: string;

before(async () => {
  db = await createTestDatabase();
  admin = db.admin;
  user = (await make.makeUser(admin)).id;
  other = (await make.makeUser(admin)).id;
});
after(async () => await db[Symbol.asyncDispose]());

async function subscribe(app: string, listing: string | null): Promise<string> {
  const outcome = await tryAs(
    admin,
    { role: serviceRoles.marketplace, actor: user },
    `insert into marketplace.subscriptions (id, user_id, app_id, listing_id, currency) values ($1, $2, $3, $4, 'EUR')`,
    [newId(), user, app, listing],
  );
  return verdict(outcome);
}

describe('a user', () => {
  it('subscribes to what is actively offered, and to nothing else', async () => {
    const app = (await make.makeApp(admin, { developer_id: other, visibility: 'restricted', ...published }))
      .id;
    const elsewhere = (await make.makeListing(admin, { lister_id: other, status: 'active' })).id;
    const pending = (await make.makeListing(admin, { app_id: app, lister_id: other, status: 'pending' })).id;
    assert.equal(await subscribe(app, null), refused, 'without an offer');
    assert.equal(await subscribe(app, elsewhere), refused, 'with the offer of another app');
    assert.equal(await subscribe(app, pending), refused, 'with an offer that is not active');
    await admin.query(`update marketplace.marketplace_listings set status = 'active' where id = $1`, [
      pending,
    ]);
    assert.equal(await subscribe(app, pending), 'done');
  });

  it('sees a restricted app during the period of their subscription only', async () => {
    const app = (await make.makeApp(admin, { developer_id: other, visibility: 'restricted', ...published }))
      .id;
    const subscription = (await make.makeSubscription(admin, { user_id: user, app_id: app })).id;
    const seen = async (startsIn: string, endsIn: string | null) => {
      await admin.query(
        `update marketplace.subscriptions set starts_at = now() + $2::interval, ends_at = now() + $3::interval where id = $1`,
        [subscription, startsIn, endsIn],
      );
      const acting = { role: serviceRoles.execution, actor: user };
      const outcome = await tryAs(admin, acting, 'select id from development.quantum_apps where id = $1', [
        app,
      ]);
      return 'rows' in outcome && outcome.rows.length === 1;
    };
    assert.equal(await seen('-1 day', '1 day'), true);
    assert.equal(await seen('-1 day', null), true);
    assert.equal(await seen('-2 days', '-1 day'), false, 'over');
    assert.equal(await seen('1 day', '2 days'), false, 'not begun');
  });

  it("runs on a subscription of their own and a version that they see, and can't move a job to another's", async () => {
    const app = (await make.makeApp(admin, { developer_id: other, visibility: 'private', ...published })).id;
    const version = (await make.makeVersion(admin, { app_id: app })).id;
    const theirs = (await make.makeSubscription(admin, { user_id: other })).id;
    const own = (await make.makeSubscription(admin, { user_id: user })).id;
    const job = await make.makeJob(admin, { user_id: user });
    const acting = { role: serviceRoles.execution, actor: user };
    const insert = `insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, subscription_id, app_version_id)
      values ($1, $2, $3, $4, 'A job', 'OPENQASM 3.0;', 'openqasm3', $5, $6)`;
    const submit = async (subscription: string | null, appVersion: string | null) =>
      verdict(
        await tryAs(admin, acting, insert, [
          newId(),
          user,
          job.platform_id,
          job.device_id,
          subscription,
          appVersion,
        ]),
      );
    assert.equal(await submit(own, null), 'done');
    assert.equal(await submit(theirs, null), refused, "another user's subscription");
    assert.equal(await submit(null, version), refused, 'a version of a private app');
    const move = 'update execution.jobs set subscription_id = $2 where id = $1';
    assert.equal(verdict(await tryAs(admin, acting, move, [job.id, theirs])), refused);
    assert.equal(verdict(await tryAs(admin, acting, move, [job.id, own])), 'done');
  });
});
