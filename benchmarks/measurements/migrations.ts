import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migrateUp, ownerRole, readMigrations, verifyOnScratch } from '@quantum-hub/database/admin';
import { createEmptyDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { type Contender, compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';

const migrations = readMigrations();

/** How many times as long as psql `up` may take. */
const upAim = 1.5;
const verifyAimSeconds = 60;

/** Its database is made before each run, and dropped before the next one. */
class FreshDatabase implements AsyncDisposable {
  #database: TestDatabase | undefined;

  get current(): TestDatabase {
    if (this.#database === undefined)
      throw new Error('There is no database; expected `renew` before each run.');
    return this.#database;
  }

  async renew(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#database = await createEmptyDatabase();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
    this.#database = undefined;
  }
}

/** The up files one after the other, each in a transaction as the owner; of the bookkeeping only a table, to which they give rights. */
function plainScript(): string {
  return migrations
    .map(({ up }) => (up.header.transaction === 'one' ? `begin;\n${up.text}\n;commit;` : `${up.text}\n;`))
    .toSpliced(0, 0, `set role ${ownerRole};\ncreate schema hub;\ncreate table hub.migrations (name text);`)
    .join('\n');
}

async function psql({ administrator }: TestDatabase, file: string): Promise<void> {
  const { host, port, user, password, database } = administrator;
  const child = spawn(
    'psql',
    ['-Xqv', 'ON_ERROR_STOP=1', '-h', host, '-p', String(port), '-U', user, '-f', file, database],
    {
      env: { ...process.env, PGPASSWORD: password },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`psql ended with ${code}: ${said}`);
}

/** The runner on a provisioned database without migrations, beside `psql -f` of the same SQL with its start and its connection. */
export async function upAgainstPsql(rounds: number): Promise<Comparison> {
  await using fresh = new FreshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'qhub-bench-'));
  const file = join(folder, 'up.sql');
  writeFileSync(file, plainScript());
  const prepare = () => fresh.renew();
  const contenders: Contender[] = [
    { name: 'psql -f', prepare, run: () => psql(fresh.current, file) },
    { name: 'up', prepare, run: () => migrateUp(fresh.current.admin) },
  ];
  // A round is one run.
  const plan: Plan = { rounds, roundMs: 1, concurrency: 1 };
  try {
    const rows = await compare(contenders, plan);
    const value = 1 / (rows[1]?.ratio ?? 0);
    return {
      title: `${migrations.length} migrations on an empty database`,
      plan,
      rows,
      aims: [{ what: "time of up against psql -f's", value, atMost: upAim }],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `verify` of the first `count` migrations, beside applying them once; both on a throw-away server of their own. */
export async function timeOfVerify(count = migrations.length): Promise<Comparison> {
  await using fresh = new FreshDatabase();
  const some = migrations.slice(0, count);
  const plan: Plan = { rounds: 1, roundMs: 1, concurrency: 1 };
  let seconds = Number.NaN;
  const verify = async () => {
    const start = performance.now();
    const { migrations: tried } = await verifyOnScratch({ migrations: some });
    seconds = (performance.now() - start) / 1000;
    const faults = tried.flatMap((migration) => migration.faults);
    if (faults.length > 0) throw new Error(`The migrations are faulty: ${faults.join('; ')}`);
  };
  const rows = await compare(
    [
      {
        name: 'up',
        prepare: () => fresh.renew(),
        run: () => migrateUp(fresh.current.admin, { migrations: some }),
      },
      { name: 'verify', run: verify },
    ],
    plan,
  );
  return {
    title: `verify of ${some.length} migrations`,
    plan,
    rows,
    aims: [{ what: 'seconds of verify', value: seconds, atMost: verifyAimSeconds }],
  };
}
