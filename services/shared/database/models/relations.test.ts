import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '@quantum-hub/kernel';
import { type Database, openDatabase } from '../db.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import {
  AppVersion,
  Device,
  Job,
  JobResult,
  MarketplaceListing,
  Platform,
  Project,
  QuantumApp,
  Subscription,
  User,
} from './index.ts';
import { ormOptions } from './orm-options.ts';

let testDatabase: TestDatabase;
let database: Database;

before(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase({ connection: testDatabase.administrator, service: 'test', orm: ormOptions });
});
after(async () => {
  await database.close();
  await testDatabase[Symbol.asyncDispose]();
});

test('relations can be walked from both sides, from a user to the result of a job and back', async () => {
  const jobId = newId();
  await database.getDb(
    async ({ em }) => {
      const user = em.create(User, { username: 'ada', email: 'ada@example.org' });
      const app = em.create(QuantumApp, { developer: user, slug: 'adder', name: 'Adder' });
      em.create(Project, { owner: user, name: 'Arithmetic', app });
      const appVersion = em.create(AppVersion, { app, version: '1.0.0', sdk: 'openqasm' });
      const listing = em.create(MarketplaceListing, {
        app,
        lister: user,
        title: 'Adds',
        currency: 'EUR',
        priceMinor: 100n,
      });
      const subscription = em.create(Subscription, { user, app, listing, currency: 'EUR', rateMinor: 100n });
      const platform = em.create(Platform, { name: 'test', provider: 'Tests' });
      const device = em.create(Device, { platform, name: 'one', qubits: 4 });
      const job = em.create(Job, {
        id: jobId,
        user,
        appVersion,
        subscription,
        platform,
        device,
        name: 'First',
      });
      em.create(JobResult, { job, user, counts: { '00': 512, '11': 512 }, shots: 1024, durationMs: 1.5 });
    },
    { as: 'maintenance' },
  );
  const walked = await database.getDb(
    async ({ em }) => {
      const user = await em.findOneOrFail(
        User,
        { username: 'ada' },
        {
          populate: [
            'projects.app.versions.jobs.result',
            'subscriptions.listing.app',
            'jobs.device.platform',
          ],
        },
      );
      const project = user.projects.$.getItems()[0];
      const version = project?.app?.$.versions.$.getItems()[0];
      const job = version?.jobs.$.getItems()[0];
      const result = await em.findOneOrFail(JobResult, jobId, {
        populate: ['job.user', 'job.subscription.listing.lister', 'job.device.platform.devices'],
      });
      return {
        down: job?.result?.counts,
        sold: user.subscriptions.$.getItems()[0]?.listing?.$.app.$.slug,
        ranOn: user.jobs.$.getItems()[0]?.device.$.platform.$.name,
        up: result.job.$.user.$.username,
        seller: result.job.$.subscription?.$.listing?.$.lister.$.username,
        beside: result.job.$.device.$.platform.$.devices.$.map(({ name }) => name),
      };
    },
    { as: 'maintenance' },
  );
  assert.deepEqual(walked, {
    down: { '00': 512, '11': 512 },
    sold: 'adder',
    ranOn: 'test',
    up: 'ada',
    seller: 'ada',
    beside: ['one'],
  });
});
