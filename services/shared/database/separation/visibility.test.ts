/** Guarantee: what is published is seen by whom it is published for, and nothing else is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from 'pg';
import { versionStatuses } from '../models/development/app-version.ts';
import { appStatuses, appVisibilities } from '../models/development/quantum-app.ts';
import { listingStatuses } from '../models/marketplace/marketplace-listing.ts';
import { subscriptionStatuses } from '../models/marketplace/subscription.ts';
import { serviceRoles } from '../provision/roles.ts';
import { tryAs } from '../testing/acting.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

let db: TestDatabase;
let admin: Client;
let developer: string;
let reader: string;

before(async () => {
  db = await createTestDatabase();
  admin = db.admin;
  developer = (await make.makeUser(admin)).id;
  reader = (await make.makeUser(admin)).id;
});
after(async () => await db[Symbol.asyncDispose]());

const { development, marketplace, execution } = serviceRoles;
const readingServices = [development, marketplace, execution];

async function sees(role: string, actor: string | undefined, table: string, id: string): Promise<boolean> {
  const outcome = await tryAs(admin, { role, actor }, `select id from ${table} where id = $1`, [id]);
  assert.ok('rows' in outcome, `${role} may ask ${table}`);
  return outcome.rows.length === 1;
}

const publishedAt = '2026-11-01T00:00:00Z';

describe('apps', () => {
  it('are seen by others when published for all, and by their developer always', async () => {
    for (const status of appStatuses) {
      for (const visibility of appVisibilities) {
        const app = await make.makeApp(admin, {
          developer_id: developer,
          status,
          visibility,
          published_at: publishedAt,
        });
        for (const role of readingServices) {
          const public_ = status === 'published' && visibility === 'public';
          assert.equal(
            await sees(role, reader, 'development.quantum_apps', app.id),
            public_,
            `${role}: ${status}, ${visibility}`,
          );
          assert.equal(
            await sees(role, developer, 'development.quantum_apps', app.id),
            true,
            `${role}: the developer's`,
          );
          assert.equal(
            await sees(role, undefined, 'development.quantum_apps', app.id),
            false,
            `${role}: nobody`,
          );
        }
      }
    }
  });

  it('that are restricted are seen by those with an active subscription, and by no other subscriber', async () => {
    const app = await make.makeApp(admin, {
      developer_id: developer,
      published: true,
      visibility: 'restricted',
    });
    for (const status of subscriptionStatuses) {
      const user = await make.makeUser(admin);
      await make.makeSubscription(admin, { user_id: user.id, app_id: app.id, status });
      for (const role of readingServices) {
        const visible = await sees(role, user.id, 'development.quantum_apps', app.id);
        assert.equal(visible, status === 'active', `${role}: ${status}`);
        assert.equal(
          await sees(role, reader, 'development.quantum_apps', app.id),
          false,
          `${role}: no subscription`,
        );
      }
    }
  });

  it('that are private stay so for a subscriber too', async () => {
    const app = await make.makeApp(admin, {
      developer_id: developer,
      published: true,
      visibility: 'private',
    });
    await make.makeSubscription(admin, { user_id: reader, app_id: app.id });
    for (const role of readingServices) {
      assert.equal(await sees(role, reader, 'development.quantum_apps', app.id), false, role);
    }
  });
});

describe('versions', () => {
  it('follow their app, and are seen by others once released', async () => {
    const open = await make.makeApp(admin, { developer_id: developer, published: true });
    const closed = await make.makeApp(admin, { developer_id: developer });
    for (const [app, isOpen] of [
      [open, true],
      [closed, false],
    ] as const) {
      for (const [index, status] of versionStatuses.entries()) {
        const version = await make.makeVersion(admin, {
          app_id: app.id,
          released: true,
          status,
          version: `1.0.${index}`,
        });
        const released = ['released', 'deprecated', 'yanked'].includes(status);
        for (const role of readingServices) {
          const label = `${role}: ${status} of ${isOpen ? 'a public' : 'a private'} app`;
          assert.equal(
            await sees(role, reader, 'development.app_versions', version.id),
            isOpen && released,
            label,
          );
          assert.equal(await sees(role, developer, 'development.app_versions', version.id), true, label);
          assert.equal(await sees(role, undefined, 'development.app_versions', version.id), false, label);
        }
      }
    }
  });

  it('of a public app are changed by its developer alone', async () => {
    const app = await make.makeApp(admin, { developer_id: developer, published: true });
    const version = await make.makeVersion(admin, { app_id: app.id, released: true });
    const yank = `update development.app_versions set status = 'yanked' where id = $1`;
    const count = async (actor: string) => {
      const outcome = await tryAs(admin, { role: development, actor }, yank, [version.id]);
      return 'count' in outcome && outcome.count;
    };
    assert.deepEqual([await count(reader), await count(developer)], [0, 1]);
  });
});

describe('listings', () => {
  it('are seen by every signed-in user while active, and by their lister always', async () => {
    for (const status of listingStatuses) {
      const listing = await make.makeListing(admin, { lister_id: developer, status });
      const see = (actor: string | undefined) =>
        sees(marketplace, actor, 'marketplace.marketplace_listings', listing.id);
      assert.deepEqual(
        [await see(reader), await see(developer), await see(undefined)],
        [status === 'active', true, false],
        status,
      );
    }
  });
});
