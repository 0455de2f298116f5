/**
 * Guarantee: whatever the create schema of a model accepts can be stored, whatever the update schema accepts can
 * be changed, and the read schema accepts what comes back. Rules over several columns at once are the database's
 * alone: the columns they are about stand below, and rows are made to keep them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EntitySchema } from '@mikro-orm/core';
import fc from 'fast-check';
import type { z } from 'zod';
import { Database } from '../connection/database.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { candidatesFor } from '../testing/rule-probe/candidates.ts';
import { type Candidate, type ProbedColumn, probedColumns } from '../testing/rule-probe/probe.ts';
import { jsonbTextLength } from './declaration/jsonb-text.ts';
import { columnsOf, schemasOf } from './declaration/schemas.ts';
import { entities } from './index.ts';
import { ormOptions } from './orm-options.ts';

type Fields = Record<string, unknown>;

/** The columns that a check over several columns is about, with values that keep it. */
const crossColumns: Readonly<Record<string, Fields>> = {
  UserSession: { issuedAt: new Date('2026-01-01'), expiresAt: new Date('2099-01-01') },
  QuantumApp: { status: 'published', publishedAt: new Date('2026-11-01') },
  AppVersion: {
    status: 'testing',
    releasedAt: null,
    contentHash: null,
    program: 'OPENQASM 3.0;',
    programLanguage: 'openqasm3',
    packageBytes: null,
    packagePath: null,
  },
  MarketplaceListing: { ratingSum: 5, ratingCount: 1 },
  Subscription: { startsAt: new Date('2026-01-01'), endsAt: new Date('2027-01-01') },
  SubscriptionKey: { rateLimitRequests: 10, rateLimitWindowSeconds: 60 },
  Job: {
    status: 'queued',
    finishedAt: null,
    costMinor: 100n,
    currency: 'EUR',
    errorCode: null,
    program: 'OPENQASM 3.0;',
    programLanguage: 'openqasm3',
    requestKind: 'counts',
    observables: null,
  },
  JobAttempt: { finishedAt: null, outcome: null, errorCode: null },
  JobQueueEntry: {
    status: 'queued',
    leaseToken: null,
    leaseUntil: null,
    slotNumber: null,
    workerNumber: null,
  },
};

let db: TestDatabase;
let hub: Database;
/** An id to refer to for each name of a reference. */
let references: Readonly<Record<string, string>>;

before(async () => {
  db = await createTestDatabase();
  hub = new Database({ connection: db.administrator, service: 'test', orm: ormOptions });
  const user = (await make.makeUser(db.admin)).id;
  const app = (await make.makeApp(db.admin, { developer_id: user })).id;
  const platform = (await make.makePlatform(db.admin)).id;
  const device = (await make.makeDevice(db.admin, { platform_id: platform })).id;
  const appVersion = (await make.makeVersion(db.admin, { app_id: app })).id;
  const job = (await make.makeJob(db.admin, { user_id: user, status: 'completed' })).id;
  const other = (await make.makeUser(db.admin)).id;
  const listing = (await make.makeListing(db.admin, { app_id: app, lister_id: other })).id;
  const subscription = (await make.makeSubscription(db.admin, { app_id: app, user_id: other })).id;
  references = {
    ...{
      user,
      owner: user,
      developer: user,
      lister: user,
      app,
      platform,
      device,
      appVersion,
      job,
      listing,
      subscription,
    },
    ...{ preferredPlatform: platform, preferredDevice: device },
  };
});
after(async () => {
  await hub.close();
  await db[Symbol.asyncDispose]();
});

const isReference = (kind: string | undefined) => kind === 'm:1' || kind === '1:1';
const kept = ['id', 'createdAt', 'updatedAt'];
/** Longer texts are the business of rules.test.ts. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length < 20_000;
  return typeof value !== 'object' || jsonbTextLength(value) < 20_000;
}

function acceptedBy(column: ProbedColumn): fc.Arbitrary<unknown> {
  const { fixed, random } = candidatesFor(column);
  const isAccepted = ({ value }: Candidate) => column.rule.zod.safeParse(value).success;
  const known = fixed.map(({ value }) => value).filter((value) => isShort(value) && isAccepted({ value }));
  // Where hardly any random value is accepted (a hash has 32 bytes), filtering would take for ever.
  const share = fc.sample(random, { numRuns: 50, seed: 1 }).filter(isAccepted).length;
  const short = fc.constantFrom(...known);
  return share < 10
    ? short
    : fc.oneof(
        short,
        random.filter(isAccepted).map(({ value }) => value),
      );
}

/** Fields that each judge by themselves accepts, all of them or some; the id is made by the application. */
async function fieldsFor(model: EntitySchema): Promise<fc.Arbitrary<Fields>> {
  const probed = new Map((await probedColumns(db.admin, model)).map((column) => [column.property, column]));
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, declared] of columnsOf(model)) {
    if (kept.includes(name)) continue;
    const column = probed.get(name);
    if (isReference(declared.kind)) fields[name] = fc.constant(references[name]);
    else if (column) {
      fields[name] = acceptedBy(column);
      if (declared.nullable) fields[name] = fc.option(fields[name], { nil: null });
    }
  }
  return fc.record(fields, { noNullPrototype: true });
}

/** The entity's columns by property, references as ids. */
function toFields(model: EntitySchema, entity: Fields): Fields {
  const entries = columnsOf(model).map(([name, { kind, hidden }]) => {
    const value = entity[name] as { id?: unknown } | null | undefined;
    return hidden ? [] : [[name, isReference(kind) ? (value?.id ?? null) : value]];
  });
  return Object.fromEntries(entries.flat());
}

describe('the columns of checks over several columns', () => {
  it('are those that rows are made to keep here', async () => {
    for (const model of entities) {
      const { rows } = await db.admin.query(
        `select distinct attname::text as name from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any(conkey)
          where conrelid = $1::regclass and contype = 'c' and cardinality(conkey) > 1`,
        [`${model.meta.schema}.${model.meta.tableName}`],
      );
      const camel = rows.map(({ name }) =>
        name.replaceAll(/_(\w)/g, (_: string, letter: string) => letter.toUpperCase()),
      );
      const listed = Object.keys(crossColumns[model.meta.className] ?? {});
      const references = columnsOf(model)
        .filter(([, { kind }]) => isReference(kind))
        .map(([name]) => `${name}Id`);
      assert.deepEqual(
        camel.filter((name) => !references.includes(name)).toSorted(),
        listed.toSorted(),
        model.meta.className,
      );
    }
  });
});

describe('fields left out or null', () => {
  it('are accepted by the create schema exactly where the column has a default or takes null', async () => {
    for (const model of entities) {
      const { rows } = await db.admin.query(
        `select attname as name, attnotnull as required, atthasdef as filled from pg_attribute where attrelid = $1::regclass and attnum > 0`,
        [`${model.meta.schema}.${model.meta.tableName}`],
      );
      const live = new Map(rows.map((row) => [row.name, row]));
      const { shape } = schemasOf(model as never).create as unknown as { shape: Record<string, z.ZodType> };
      for (const [key, schema] of Object.entries(shape)) {
        const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        const column = live.get(`${snake}_id`) ?? live.get(snake) ?? live.get('id');
        const label = `${model.meta.className}.${key}`;
        assert.equal(schema.safeParse(null).success, !column.required, `${label}: null`);
        const isMadeByUs = key === 'id';
        const isOptional = !column.required || column.filled || isMadeByUs;
        assert.equal(schema.safeParse(undefined).success, isOptional, `${label}: left out`);
      }
    }
  });
});

for (const model of entities) {
  const name = model.meta.className;
  describe(name, () => {
    it('stores what its create schema accepts, changes to what its update schema accepts, and reads it back', async () => {
      const schemas = schemasOf(model as never);
      const fields = await fieldsFor(model);
      const property = fc.asyncProperty(fields, fields, async (made, changed) => {
        const given = schemas.create.parse({ ...made, ...crossColumns[name] }) as Fields;
        const own = Object.keys((schemas.update as unknown as { shape: Fields }).shape);
        const later = own.filter((key) => !(key in (crossColumns[name] ?? {})) && key in changed);
        const changes = schemas.update.parse(
          Object.fromEntries(later.map((key) => [key, changed[key]])),
        ) as Fields;
        await using session = await hub.getAsyncDb({ as: 'maintenance' });
        const { em } = session;
        const entity = em.create(model as EntitySchema<Fields>, given as never);
        await em.flush();
        em.assign(entity, changes as never);
        await em.flush();
        em.clear();
        const lazy = columnsOf(model).flatMap(([key, declared]) =>
          (declared as { lazy?: boolean }).lazy ? [key] : [],
        );
        const [stored] = await em.find(
          model as EntitySchema<Fields>,
          {},
          { populate: lazy as never, orderBy: { updatedAt: 'desc' } as never, limit: 1 },
        );
        const back = toFields(model, stored as Fields);
        schemas.read.parse(back);
        // An address comes back in PostgreSQL's spelling: rules.test.ts holds the two equal.
        const expected = { ...given, ...changes };
        for (const key of Object.keys(back).filter((key) => key in expected && key !== 'ipAddress')) {
          assert.deepEqual(plain(back[key]), plain(expected[key]), `${name}.${key}`);
        }
      });
      await fc.assert(property, { numRuns: 12 });
    });
  });
}

/** As JSON and PostgreSQL keep it: no -0, bytes as bytes, no keys set to undefined. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint' || value instanceof Date) return value;
  return value === undefined || value === null ? null : JSON.parse(JSON.stringify(value));
}
