/** Guarantee: on a standby migrations are refused in one sentence before anything is begun, and their state can be read. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { provision } from '../provision/index.ts';
import { createThrowawayServer } from '../server/index.ts';
import { applicationLogin } from '../testing/index.ts';
import { migrationStates } from './resolve.ts';
import { migrateDown, migrateUp } from './runner.ts';
import { MigrationFolder, samples } from './test-migrations.ts';

it('a standby takes no migration, up or down', async () => {
  const bin = process.env.QHUB_TEST_PG_BIN;
  await using server = await createThrowawayServer({
    ...(bin && { binaries: dirname(dirname(bin)) }),
    settings: { wal_level: 'replica' },
  });
  const address = {
    host: server.host,
    port: server.port,
    user: server.adminUser,
    password: server.adminPassword,
  };
  const connect = async () => {
    const client = new Client({ ...address, database: 'postgres' });
    await client.connect();
    return client;
  };
  using folder = new MigrationFolder(samples);
  const migrations = folder.read();
  const primary = await connect();
  await provision(primary, { database: 'postgres', applicationLogin });
  await migrateUp(primary, { migrations, steps: 1 });
  await primary.end();

  await server.halt();
  // Whose content doesn't matter: any file of the server's own user will do.
  copyFileSync(join(server.dataDir, 'PG_VERSION'), join(server.dataDir, 'standby.signal'));
  await server.resume();
  const standby = await connect();
  try {
    for (const run of [migrateUp, migrateDown]) {
      await assert.rejects(run(standby, { migrations, steps: 1, allowDataLoss: true } as never), (fault) =>
        isHubError(fault, 'database.read_only'),
      );
    }
    const states = await migrationStates(standby, migrations);
    assert.deepEqual(
      states.map(({ state }) => state),
      ['applied', 'pending', 'pending'],
    );
  } finally {
    await standby.end();
  }
});
