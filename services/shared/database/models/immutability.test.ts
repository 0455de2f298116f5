/**
 * Guarantee: what was released, and what is finished, never changes: the database refuses it, whoever asks and
 * however, a superuser's plain SQL included. (A superuser can disable a trigger first: that is an act, no accident.)
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from 'pg';
import { maintenanceRole, ownerRole, roleNames, serviceRoles, workerRole } from '../provision/roles.ts';
import { tryAs, verdict } from '../testing/acting.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { versionStatuses } from './development/app-version.ts';
import { jobStatuses } from './execution/job.ts';
import { type Privileges, privileges } from './privileges.ts';

let db: TestDatabase;
let admin: Client;
let developer: string;
let app: string;
let versions = 0;

before(async () => {
  db = await createTestDatabase();
  admin = db.admin;
  developer = (await make.makeUser(admin)).id;
  app = (await make.makeApp(admin, { developer_id: developer })).id;
});
after(async () => await db[Symbol.asyncDispose]());

const superuser = 'postgres';
const final = ['released', 'deprecated', 'yanked'];

async function makeVersion(columns: make.Columns): Promise<string> {
  versions += 1;
  return (
    await make.makeVersion(admin, { app_id: app, version: `1.0.${versions}`, released: true, ...columns })
  ).id;
}

/** The name of the constraint that refused the statement of a superuser, or `done`. */
async function refusal(statement: string, values: unknown[]): Promise<string> {
  await admin.query('begin');
  try {
    await admin.query(statement, values);
    return 'done';
  } catch (error) {
    return (error as { constraint?: string }).constraint ?? String(error);
  } finally {
    await admin.query('rollback');
  }
}

const others: Readonly<Record<string, string>> = {
  uuid: `'01990a0b-1c2d-7e3f-8a4b-5c6d7e8f9a0b'`,
  'timestamp with time zone': `'2026-11-22T00:00:00Z'`,
  jsonb: `'{"x": 1}'`,
  bytea: `sha256('other')`,
  boolean: 'true',
  integer: '7',
  smallint: '2',
  bigint: '99',
  text: `'other'`,
};

async function columnsOf(table: string): Promise<[name: string, other: string][]> {
  const { rows } = await admin.query(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  return rows.map(({ name, type }) => {
    const other = others[type];
    assert.ok(other, `there is another value for columns of the type ${type}`);
    return [name, other];
  });
}

describe('a released version', () => {
  it('refuses a change of every column, in each of the three states, from a superuser too', async () => {
    const columns = await columnsOf('development.app_versions');
    assert.ok(columns.length > 25);
    for (const status of final) {
      const id = await makeVersion({ status });
      for (const [column, other] of columns.filter(
        ([name]) => !['status', 'created_at', 'updated_at'].includes(name),
      )) {
        const update = `update development.app_versions set "${column}" = ${other} where id = $1`;
        assert.equal(await refusal(update, [id]), 'app_versions_keep_released', `${status}: ${column}`);
      }
    }
  });

  it('can be deprecated, taken back from that, and yanked for ever; nothing else', async () => {
    const allowed = ['released>deprecated', 'deprecated>released', 'released>yanked', 'deprecated>yanked'];
    for (const from of final) {
      const id = await makeVersion({ status: from });
      for (const to of versionStatuses) {
        const outcome = await refusal('update development.app_versions set status = $2 where id = $1', [
          id,
          to,
        ]);
        const expected =
          from === to || allowed.includes(`${from}>${to}`) ? 'done' : 'app_versions_keep_released';
        assert.equal(outcome, expected, `${from} > ${to}`);
      }
    }
  });

  it('can not be changed under cover of deprecating it', async () => {
    const id = await makeVersion({});
    const update = `update development.app_versions set status = 'deprecated', program = 'other' where id = $1`;
    assert.equal(await refusal(update, [id]), 'app_versions_keep_released');
  });

  it('can not be deleted, truncated away or deleted with its app, from a superuser too', async () => {
    const id = await makeVersion({});
    assert.equal(
      await refusal('delete from development.app_versions where id = $1', [id]),
      'app_versions_keep_released',
    );
    assert.equal(
      await refusal('truncate development.app_versions cascade', []),
      'app_versions_keep_released',
    );
    assert.equal(
      await refusal('truncate development.quantum_apps cascade', []),
      'app_versions_keep_released',
    );
    assert.equal(
      await refusal('delete from development.quantum_apps where id = $1', [app]),
      'app_versions_app_id_fkey',
    );
  });

  it('is refused to every role that could write versions at all', async () => {
    const id = await makeVersion({});
    for (const role of [...roleNames, superuser]) {
      const rights = (privileges[role] as Readonly<Record<string, Privileges>> | undefined)?.[
        'development.app_versions'
      ];
      const writes = rights?.update === true || role === superuser;
      const acting = { role, actor: developer };
      const update = await tryAs(
        admin,
        acting,
        `update development.app_versions set program = 'other' where id = $1`,
        [id],
      );
      const deletion = await tryAs(admin, acting, 'delete from development.app_versions where id = $1', [id]);
      // Row security hides every row from the owner: it changes none, without an error.
      const expected = writes ? '23514' : role === ownerRole ? 'done' : '42501';
      assert.deepEqual([verdict(update), verdict(deletion)], [expected, expected], role);
      if (role === ownerRole)
        assert.ok('count' in update && update.count === 0 && 'count' in deletion && deletion.count === 0);
    }
    const writers = [serviceRoles.development, maintenanceRole];
    assert.ok(writers.every((role) => roleNames.includes(role)));
  });

  it('was a draft before, that changed and could be deleted', async () => {
    for (const status of ['draft', 'testing']) {
      const id = await makeVersion({ status });
      assert.equal(
        await refusal(`update development.app_versions set program = 'better' where id = $1`, [id]),
        'done',
      );
      assert.equal(
        await refusal(`update development.app_versions set status = 'released' where id = $1`, [id]),
        'done',
      );
      assert.equal(await refusal('delete from development.app_versions where id = $1', [id]), 'done');
    }
  });
});

/** Where a job can go from where it is. */
const steps: Readonly<Record<string, readonly string[]>> = {
  created: ['queued', 'failed', 'cancelled'],
  queued: ['running', 'failed', 'cancelled'],
  running: ['completed', 'failed', 'cancelling', 'cancelled', 'queued'],
  cancelling: ['cancelled', 'completed', 'failed'],
  completed: [],
  failed: [],
  cancelled: [],
};
const finished = ['completed', 'failed', 'cancelled'];

describe('a job', () => {
  it('goes along the arrows of its states and along no other: every pair of states', async () => {
    const device = await make.makeDevice(admin);
    const place = { user_id: developer, device_id: device.id, platform_id: device.platform_id };
    for (const from of jobStatuses) {
      const { id } = await make.makeJob(admin, { ...place, status: from });
      for (const to of jobStatuses) {
        const set = finished.includes(to)
          ? ', finished_at = coalesce(finished_at, now())'
          : ', finished_at = null';
        const outcome = await refusal(`update execution.jobs set status = $2 ${set} where id = $1`, [id, to]);
        const barred = finished.includes(from) ? 'jobs_keep_finished' : 'jobs_status_step';
        assert.equal(outcome, from === to || steps[from]?.includes(to) ? 'done' : barred, `${from} > ${to}`);
      }
    }
  });

  it('that is finished keeps every column but its name and its cost, from a superuser too', async () => {
    const columns = await columnsOf('execution.jobs');
    const free = ['name', 'cost_minor', 'currency', 'created_at', 'updated_at'];
    for (const status of finished) {
      const { id } = await make.makeJob(admin, { user_id: developer, status });
      for (const [column, other] of columns.filter(([name]) => !free.includes(name))) {
        const outcome = await refusal(`update execution.jobs set "${column}" = ${other} where id = $1`, [id]);
        assert.equal(outcome, 'jobs_keep_finished', `${status}: ${column}`);
      }
      const billed = `update execution.jobs set name = 'renamed', cost_minor = 5, currency = 'EUR' where id = $1`;
      assert.equal(await refusal(billed, [id]), 'done', status);
    }
  });

  it('that is finished is refused to the worker and to its user alike', async () => {
    const { id } = await make.makeJob(admin, { user_id: developer, status: 'completed' });
    for (const role of [workerRole, serviceRoles.execution, maintenanceRole]) {
      const again = `update execution.jobs set status = 'running', finished_at = null where id = $1`;
      assert.equal(verdict(await tryAs(admin, { role, actor: developer }, again, [id])), '23514', role);
    }
  });
});
