/** Guarantee: what cannot be applied is refused in one sentence that says what to do, and nothing of it is applied. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type ErrorCode, isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import type { TestDatabase } from '../testing/index.ts';
import { baseline, migrationStates, resolveApplied, resolveRolledBack } from './resolve.ts';
import { migrateDown, migrateUp, pendingMigrations } from './runner.ts';
import {
  appliedTraces,
  emptyDatabase,
  emptyTraces,
  indexName,
  MigrationFolder,
  rowsName,
  samples,
  tableName,
  traces,
  wipe,
} from './test-migrations.ts';

let database: TestDatabase;
before(async () => {
  database = await emptyDatabase();
});
afterEach(async () => await wipe(database));
after(async () => await database[Symbol.asyncDispose]());

async function refused(code: ErrorCode, text: RegExp, work: () => unknown): Promise<void> {
  await assert.rejects(
    async () => await work(),
    (error: Error) => {
      assert.ok(isHubError(error, code), String(error));
      assert.match(error.message, text);
      return true;
    },
  );
}

describe('files', () => {
  const put: [string, string, string, ErrorCode, RegExp][] = [
    [
      'an empty up file',
      `versions/${rowsName}.up.sql`,
      '',
      'database.migration_file_invalid',
      /_rows\.up\.sql, line 1: it is empty/,
    ],
    [
      'a quote without end',
      `versions/${rowsName}.down.sql`,
      "-- Description: x\n\nselect 'x",
      'database.migration_file_invalid',
      /_rows\.down\.sql, line 3: the quoted text that begins here has no end/,
    ],
    [
      'a transaction of its own',
      `versions/${rowsName}.down.sql`,
      '-- Description: x\nselect 1;\ncommit;',
      'database.migration_file_invalid',
      /line 3: "commit" is the runner's/,
    ],
    [
      'two statements without transaction',
      `versions/${indexName}.down.sql`,
      '-- Description: x\n-- Transaction: none\nselect 1;\nselect 2;',
      'database.migration_file_invalid',
      /line 4: "Transaction: none" takes exactly one/,
    ],
    [
      'a header alone',
      `versions/${rowsName}.down.sql`,
      '-- Description: x\n',
      'database.migration_file_invalid',
      /it has no statement/,
    ],
    [
      'no header',
      `versions/${rowsName}.up.sql`,
      'select 1;',
      'database.migration_header_invalid',
      /Description is missing; Hazards is missing/,
    ],
    [
      'a file beside ORDER',
      'versions/20260101T000300_more.up.sql',
      'select 1;',
      'database.migration_order_invalid',
      /20260101T000300_more\.up\.sql belongs to no line/,
    ],
    [
      'a name without files',
      'ORDER',
      `${Object.keys(samples).join('\n')}\n20260101T000300_more\n${rowsName}\n../x\n`,
      'database.migration_order_invalid',
      /"..\/x" is no name.*_rows stands twice.*000300_more\.up\.sql is missing.*000300_more\.down\.sql is missing/,
    ],
  ];
  const header =
    '-- Description: x\n-- Hazards: none\n-- Reversible: yes\n-- Breaking: no\n-- Transaction: one\n\n';
  const bytes: [string, Buffer, RegExp][] = [
    [
      'a byte order mark',
      Buffer.from(`\uFEFF${header}select 1;`),
      /line 1: it begins with a byte order mark/,
    ],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`${header}select 'x`), Buffer.from([0xe4]), Buffer.from(`';`)]),
      /line 7: it is not UTF-8 from here on/,
    ],
    ['a NUL', Buffer.from(`${header}\nselect '\0';`), /line 8: it holds a NUL character/],
    [
      'a key misspelt',
      Buffer.from(header.replace('Hazards', 'Hazard')),
      /Hazard is no key; expected .*Hazards is missing/,
    ],
  ];
  for (const [what, content, said] of bytes) {
    it(`refuses ${what}`, async () => {
      using folder = new MigrationFolder(samples);
      folder.put(`versions/${rowsName}.up.sql`, content);
      await assert.rejects(
        async () => folder.read(),
        (fault: Error) => isHubError(fault) && fault.message.includes(rowsName) && said.test(fault.message),
      );
    });
  }

  it('refuses a folder in place of a file, and a folder without ORDER', async () => {
    using folder = new MigrationFolder(samples);
    rmSync(join(folder.path, `versions/${rowsName}.up.sql`));
    mkdirSync(join(folder.path, `versions/${rowsName}.up.sql`));
    await refused('database.migration_file_invalid', /_rows\.up\.sql, line 1: it is a folder/, () =>
      folder.read(),
    );
    rmSync(join(folder.path, 'ORDER'));
    await refused('database.migration_order_invalid', /the file ORDER is missing/, () => folder.read());
  });

  it('takes line ends of Windows for the same migration', () => {
    using folder = new MigrationFolder(samples);
    const before = folder.read();
    for (const name of Object.keys(samples)) {
      const path = `versions/${name}.up.sql`;
      folder.put(path, readFileSync(join(folder.path, path), 'utf8').replaceAll('\n', '\r\n'));
    }
    folder.put('ORDER', Object.keys(samples).join('\r\n'));
    assert.deepEqual(folder.read(), before);
  });

  it('reads five million characters, and names the line at their end', async () => {
    using folder = new MigrationFolder(samples);
    const line = `insert into trial.notes values (1, 'a;b'); -- ${'x'.repeat(30)}\n`;
    const rows = line.repeat(Math.ceil(5_000_000 / line.length));
    folder.put(`versions/${rowsName}.up.sql`, `${header}${rows}`);
    assert.equal(folder.read().at(-1)?.up.statements.length, rows.length / line.length);
    folder.put(`versions/${rowsName}.up.sql`, `${header}${rows}commit;`);
    await refused(
      'database.migration_file_invalid',
      new RegExp(`line ${rows.length / line.length + 7}: "commit"`),
      () => folder.read(),
    );
  });
  for (const [what, path, text, code, said] of put) {
    it(`refuses ${what}`, async () => {
      using folder = new MigrationFolder(samples);
      folder.put(path, text);
      await refused(code, said, () => folder.read());
    });
  }
});

describe('broken SQL', () => {
  it('is named by file, line and statement, and nothing of its migration is kept', async () => {
    using folder = new MigrationFolder(samples);
    folder.write(rowsName, {
      up: "insert into trial.notes values (2, 'a secret');\n\n-- wrong\ninsert into trial.notes\n  values (3, nobody);",
      down: 'select 1',
    });
    await refused(
      'database.migration_failed',
      /_rows\.up\.sql, line 11, statement 2 \(insert into trial\.notes values \(\?, nobody\)\): column "nobody" does not exist \(SQLSTATE 42703\); nothing of it was kept$/,
      () => migrateUp(database.admin, { migrations: folder.read() }),
    );
    assert.deepEqual((await traces(database)).ids, [1]);
    assert.equal((await pendingMigrations(database.admin, folder.read()))[0]?.name, rowsName);
  });
});

describe('a database and files that have parted', () => {
  const applied = async () => {
    const folder = new MigrationFolder(samples);
    await migrateUp(database.admin, { migrations: folder.read() });
    return folder;
  };
  const states = async (folder: MigrationFolder) =>
    (await migrationStates(database.admin, folder.read())).map(({ state }) => state);
  const up = (folder: MigrationFolder) => migrateUp(database.admin, { migrations: folder.read() });
  const down = (folder: MigrationFolder) =>
    migrateDown(database.admin, { migrations: folder.read(), steps: 1 });

  it('refuses an edited file, until its change is resolved as applied', async () => {
    using folder = await applied();
    folder.write(indexName, {
      ...samples[indexName],
      down: 'x',
      up: 'vacuum;',
      header: { transaction: 'none' },
    });
    for (const run of [up, down]) {
      await refused('database.migration_changed', new RegExp(`${indexName} was changed`), () => run(folder));
    }
    assert.deepEqual(await states(folder), ['applied', 'changed', 'applied']);
    await resolveApplied(database.admin, indexName, folder.read());
    assert.deepEqual(await up(folder), []);
  });

  it('refuses a missing one, until it is resolved as rolled back', async () => {
    using folder = await applied();
    using less = new MigrationFolder({
      [tableName]: samples[tableName] as never,
      [rowsName]: samples[rowsName] as never,
    });
    await refused('database.migration_missing', new RegExp(`had the migration ${indexName}`), () => up(less));
    assert.deepEqual(await states(less), ['applied', 'applied', 'missing']);
    await resolveRolledBack(database.admin, indexName, less.read());
    assert.deepEqual(await up(less), []);
    await refused(
      'database.migration_out_of_order',
      new RegExp(`${indexName} stands in ORDER before ${rowsName}`),
      () => up(folder),
    );
    assert.deepEqual(await states(folder), ['applied', 'out of order', 'applied']);
    assert.deepEqual((await traces(database)).ids, [1, 2, 3]);
  });

  it('refuses a database that is newer than the code', async () => {
    using _folder = await applied();
    using older = new MigrationFolder({ [tableName]: samples[tableName] as never });
    for (const run of [up, down]) {
      await refused('database.migrations_newer', new RegExp(`it has had ${indexName}, ${rowsName}`), () =>
        run(older),
      );
    }
    assert.deepEqual(await traces(database), appliedTraces);
  });

  it('takes a baseline where the changes came otherwise', async () => {
    using folder = await applied();
    await database.admin.query('drop table hub.migrations');
    assert.deepEqual(await baseline(database.admin, indexName, folder.read()), [tableName, indexName]);
    assert.deepEqual(await baseline(database.admin, indexName, folder.read()), []);
    assert.deepEqual(await states(folder), ['applied', 'applied', 'pending']);
    await resolveApplied(database.admin, rowsName, folder.read());
    await refused('database.migration_baseline_refused', new RegExp(rowsName), () =>
      baseline(database.admin, indexName, folder.read()),
    );
    await refused('database.migration_unknown', /called "nobody"/, () =>
      baseline(database.admin, 'nobody', folder.read()),
    );
  });
});

describe('ranges and losses', () => {
  it('goes up and down by steps and to a name', async () => {
    using folder = new MigrationFolder(samples);
    const migrations = folder.read();
    const { admin } = database;
    assert.deepEqual(await migrateUp(admin, { migrations, steps: 1 }), [tableName]);
    assert.deepEqual(await migrateUp(admin, { migrations, to: tableName }), []);
    assert.deepEqual(await migrateUp(admin, { migrations, to: rowsName }), [indexName, rowsName]);
    assert.deepEqual(await migrateDown(admin, { migrations, steps: 1 }), [rowsName]);
    assert.deepEqual(await migrateDown(admin, { migrations, to: tableName }), [indexName]);
    await refused('database.migration_loses_data', new RegExp(tableName), () =>
      migrateDown(admin, { migrations }),
    );
    assert.deepEqual(await migrateDown(admin, { migrations, allowDataLoss: true }), [tableName]);
    assert.deepEqual(await traces(database), emptyTraces);
    await refused('database.migration_unknown', /"nobody".*last is/, () =>
      migrateUp(admin, { migrations, to: 'nobody' }),
    );
  });

  it('never takes back what its header says cannot be taken back', async () => {
    using folder = new MigrationFolder({
      ...samples,
      [rowsName]: {
        up: 'delete from trial.notes;',
        down: '-- There is no way back.',
        header: { reversible: 'no' },
      },
    });
    const migrations = folder.read();
    await migrateUp(database.admin, { migrations });
    await refused('database.migration_irreversible', new RegExp(rowsName), () =>
      migrateDown(database.admin, { migrations, steps: 2, allowDataLoss: true }),
    );
    assert.equal(((await traces(database)).recorded as unknown[]).length, 3);
  });
});

describe('who may not', () => {
  it('a login that cannot act as the owner is told what it lacks', async () => {
    using folder = new MigrationFolder(samples);
    const client = new Client(database.application);
    await client.connect();
    try {
      await refused(
        'database.admin_right_missing',
        /"quantum_user" lacks the right to act as qhub_owner/,
        () => migrateUp(client, { migrations: folder.read() }),
      );
    } finally {
      await client.end();
    }
  });

  it('a session that may only read is told so, before anything is begun', async () => {
    using folder = new MigrationFolder(samples);
    const options = { migrations: folder.read() };
    await database.admin.query('set default_transaction_read_only = on');
    try {
      await refused('database.read_only', /takes no writes/, () => migrateUp(database.admin, options));
    } finally {
      await database.admin.query('set default_transaction_read_only = off');
    }
    assert.deepEqual(await pendingMigrations(database.admin, options.migrations), options.migrations);
  });

  it('a plain login that may act as the owner applies and takes back every kind, and reads the state', async () => {
    using folder = new MigrationFolder(samples);
    const migrations = folder.read();
    const login = `plain_${database.name.slice(5, 15)}`;
    await database.admin.query(
      `create role ${login} login noinherit password 'x'; grant qhub_owner to ${login}`,
    );
    await database.admin.query(`grant connect on database ${database.name} to ${login}`);
    const client = new Client({ ...database.administrator, user: login, password: 'x' });
    await client.connect();
    try {
      assert.deepEqual(await migrateUp(client, { migrations }), Object.keys(samples));
      assert.deepEqual(await traces(database), appliedTraces);
      assert.deepEqual(await migrateUp(client, { migrations }), []);
      assert.equal((await migrateDown(client, { migrations, allowDataLoss: true })).length, 3);
    } finally {
      await client.end();
      await database.admin.query(
        `revoke connect on database ${database.name} from ${login}; drop role ${login}`,
      );
    }
  });
});
