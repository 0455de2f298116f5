/** One scratch server with a filled lab, on which each test plans a change and tries it on rows. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EntitySchema } from '@mikro-orm/core';
import { provision } from '../../provision/index.ts';
import { ownerRole } from '../../provision/roles.ts';
import { cloneDatabase, OwnerSession } from '../../scratch/scratch-database.ts';
import type { ScratchPlace } from '../../scratch/scratch-server.ts';
import { adminUser, applicationLogin, connectAsAdmin, testServer } from '../../testing/test-server.ts';
import { type Inventory, readObjects } from '../catalog/inventory.ts';
import { type Hazard, hazardNames } from '../hazards.ts';
import { addHazards } from '../lint/lint-hazards.ts';
import { parseFile } from '../lint/parsed-file.ts';
import { migrateUp } from '../runner.ts';
import { type PlannedMigration, type PlanOptions, planChange } from './plan-change.ts';
import { type Lab, lab, rightsSql, rowsSql } from './test-models.ts';

type Answers = Partial<Pick<PlanOptions, 'renames' | 'noRename' | 'ask' | 'allow' | 'safe' | 'backfills'>>;

/** Every hazard is allowed where a test builds on what it changes. */
const nothingAsked = { renames: [], noRename: true, allow: [], safe: false, backfills: new Map() } as const;

export type Trial = {
  readonly planned: readonly PlannedMigration[];
  /** Rows of the items as text, before, after up, and after down. */
  readonly rows: readonly [string, string, string];
  /** The catalog before and after the way there and back; the second time up, and the first. */
  readonly lines: {
    readonly before: string[];
    readonly back: string[];
    readonly first: string[];
    readonly again: string[];
  };
};

export class TestLab implements AsyncDisposable {
  readonly server: ScratchPlace;
  readonly #empty: string;
  readonly #filled: string;

  private constructor(server: ScratchPlace, name: string, filled: string) {
    this.server = server;
    this.#empty = name;
    this.#filled = filled;
  }

  static async open(): Promise<TestLab> {
    const { host, port, adminPassword } = await testServer();
    const server = { host, port, user: adminUser, password: adminPassword };
    const name = `lab_${randomUUID().slice(0, 8)}`;
    const root = await connectAsAdmin({ host, port, adminPassword }, 'postgres');
    await root.query(`create database ${name}`);
    await root.end();
    const admin = await connectAsAdmin({ host, port, adminPassword }, name);
    await provision(admin, { database: name, applicationLogin });
    await migrateUp(admin, { steps: 1 });
    await admin.end();
    const options = { ...nothingAsked, onProgress: () => {} };
    const [first] = await planChange({ ...options, server, database: name, entities: lab() });
    await run(server, name, [...(first?.up ?? []), rightsSql]);
    const { name: filled } = await cloneDatabase(server, name, 'filled');
    // The rows are the administrator's, whom row security does not bind.
    await run(server, filled, ['reset role', rowsSql]);
    return new TestLab(server, name, filled);
  }

  /** Another one, with these models and what is made by hand on top of them. */
  async derive(from: Lab, byHand: string, rows: string): Promise<TestLab> {
    const { name } = await cloneDatabase(this.server, this.#empty, 'from');
    const { name: filled } = await cloneDatabase(this.server, this.#filled, 'from');
    const derived = new TestLab(this.server, name, filled);
    const planned = await derived.plan(lab(from), { allow: hazardNames });
    for (const database of [name, filled]) {
      const statements = [...planned.flatMap(({ up }) => up), byHand, ...(database === filled ? [rows] : [])];
      await run(this.server, database, statements);
    }
    return derived;
  }

  /** Plans from the lab as it is to these models. */
  async plan(entities: readonly EntitySchema[], answers: Answers = {}): Promise<PlannedMigration[]> {
    const options = { ...nothingAsked, ...answers, onProgress: () => {} };
    return await planChange({ ...options, server: this.server, database: this.#empty, entities });
  }

  /** Runs a statement where changes are planned. */
  async run(sql: string): Promise<void> {
    await run(this.server, this.#empty, [sql]);
  }

  /** Runs what was planned on rows: up, down, up. `firstSql` makes the rows such as it wants them. */
  async try(planned: readonly PlannedMigration[], firstSql = ''): Promise<Trial> {
    await using copy = await cloneDatabase(this.server, this.#filled, 'trial');
    await using session = await OwnerSession.open(this.server, copy.name);
    const state = async () => linesOf(await readObjects(session));
    await session.query(firstSql);
    const before = await state();
    const rows = [await rowsOf(session)];
    for (const { up, transaction } of planned) await runAs(session, up, transaction);
    const first = await state();
    rows.push(await rowsOf(session));
    for (const { down, transaction } of planned.toReversed()) await runAs(session, down, transaction);
    const back = await state();
    rows.push(await rowsOf(session));
    for (const { up, transaction } of planned) await runAs(session, up, transaction);
    const again = await state();
    return { planned, rows: rows as unknown as Trial['rows'], lines: { before, back, first, again } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { host, port, password } = this.server;
    const root = await connectAsAdmin({ host, port, adminPassword: password }, 'postgres');
    for (const name of [this.#filled, this.#empty]) await root.query(`drop database ${name} with (force)`);
    await root.end();
  }
}

async function run(server: ScratchPlace, database: string, statements: readonly string[]): Promise<void> {
  await using session = await OwnerSession.open(server, database);
  for (const sql of statements) await session.query(sql);
}

/** Which order columns have, and what else is not compared, doesn't count. */
function linesOf(inventory: Inventory): string[] {
  return [...inventory.values()]
    .map(({ kind, name, facts }) => JSON.stringify([kind, name, facts]))
    .toSorted();
}

async function runAs(
  session: OwnerSession,
  sql: readonly string[],
  transaction: 'one' | 'none',
): Promise<void> {
  const texts = transaction === 'none' ? sql : ['begin', ...sql, 'commit'];
  for (const text of texts) await session.query(text);
}

/** jsonb puts the keys in an order of its own, so that the order of columns doesn't count. */
async function rowsOf(session: OwnerSession): Promise<string> {
  await session.query('reset role');
  const { rows } = await session.query(`
    select coalesce(string_agg(t.line, E'\\n' order by t.line), '') as rows from (
      select query_to_xml(format('select to_jsonb(t) from %s t order by 1', c.oid::regclass), false, true, '')::text as line
        from pg_class c where c.relkind = 'r' and c.relnamespace::regnamespace::text not in ('hub', 'pg_catalog', 'information_schema')
         and c.relnamespace::regnamespace::text !~ '^pg_') t`);
  await session.query(`set role ${ownerRole}`);
  return String(rows[0]?.rows);
}

export type ChangeCase = {
  readonly name: string;
  readonly to: Lab;
  readonly answers?: Answers;
  /** All that the header must name, no more. */
  readonly hazards: readonly Hazard[];
  readonly reversible?: 'yes' | 'loses data' | 'no';
  /** What the up files must hold, in this order, and the down files. */
  readonly up: readonly RegExp[];
  readonly down?: readonly RegExp[];
  /** How many migrations it makes: 1 unless said otherwise. */
  readonly migrations?: number;
  /** The rows of this have values of their own after the way back. */
  readonly rowsChange?: true;
  /** Makes the rows such as the change wants them. */
  readonly firstSql?: string;
  /** How many rows of the lab the up loses. */
  readonly rowsLost?: number;
  /** What is there before it: models other than the usual ones, and what a migration by hand adds. */
  readonly from?: Lab;
  readonly byHand?: string;
};

/** `lint` must never refuse what `create` wrote; the header's form and squawk are the linter's own tests' business. */
function lintFaults({ up, hazards }: PlannedMigration): string[] {
  const text = up.map((sql) => (sql.startsWith('--') ? sql : `${sql};`)).join('\n');
  const faults: string[] = [];
  addHazards(parseFile('planned.up.sql', text), { hazards }, (_line, rule, message) =>
    faults.push(`${rule}: ${message}`),
  );
  return faults;
}

/** Plans the change, and tries it on rows: what is generated, the hazards, up, down, up. */
export async function checkChange(usual: TestLab, change: ChangeCase): Promise<void> {
  if (change.from === undefined && change.byHand === undefined) return await checkIn(usual, change);
  await using place = await usual.derive(change.from ?? {}, change.byHand ?? '', change.firstSql ?? '');
  await checkIn(place, { ...change, firstSql: '' });
}

async function checkIn(place: TestLab, change: ChangeCase): Promise<void> {
  const { to, answers, hazards, reversible = 'yes', migrations = 1 } = change;
  const planned = await place.plan(lab(to), { allow: hazardNames, ...answers });
  const up = planned.flatMap((migration) => migration.up).join(';\n');
  const down = planned
    .toReversed()
    .flatMap((migration) => migration.down)
    .join(';\n');
  for (const pattern of change.up) assert.match(up, pattern);
  for (const pattern of change.down ?? []) assert.match(down, pattern);
  assert.doesNotMatch(`${up}\n${down}`, /drop [^;]*cascade/i);
  assert.equal(planned.length, migrations, up);
  assert.deepEqual(new Set(planned.flatMap((migration) => migration.hazards)), new Set(hazards));
  const worst =
    ['no', 'loses data', 'yes'].find((word) => planned.some((one) => one.reversible === word)) ?? 'yes';
  assert.equal(worst, reversible, down);
  assert.deepEqual(planned.flatMap(lintFaults), [], up);
  if (reversible === 'no') return;
  const { rows, lines } = await place.try(planned, change.firstSql);
  assert.deepEqual(lines.back, lines.before);
  assert.deepEqual(lines.again, lines.first);
  if (reversible === 'yes' && !change.rowsChange) assert.equal(rows[2], rows[0]);
  assert.equal(rows[1].split('<row').length, rows[0].split('<row').length - (change.rowsLost ?? 0));
}
