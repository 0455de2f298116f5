import { globSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { rooms } from '../rooms.ts';

/** What `node --test` gets: its own flags as given, and paths of test files relative to the repository. */
export interface TestArguments {
  flags: string[];
  files: string[];
}

/**
 * Tests that take a minute or more each, for `npm run test:slow` and CI: without them the everyday run stays under five
 * minutes on two cores.
 */
export const slowTests = [
  'apps/cli/account-commands.test.ts',
  'apps/cli/embedded-killed.test.ts',
  'apps/cli/hub-commands.test.ts',
  'apps/cli/serve.test.ts',
  'apps/cli/two-accounts.test.ts',
  'services/shared/http/server/slow-senders.test.ts',
  'apps/cli/backup-alarms.test.ts',
  'apps/cli/backup-pitr.test.ts',
  'apps/cli/backup-pitr-debian.test.ts',
  'apps/cli/backup.test.ts',
  'apps/cli/migration.test.ts',
  'apps/cli/migration-checks.test.ts',
  'apps/cli/migration-dry-run.test.ts',
  'apps/cli/operations.test.ts',
  'apps/cli/simulate-faults.test.ts',
  'apps/cli/upkeep.test.ts',
  'benchmarks/run-benchmarks.test.ts',
  'services/shared/database/server/keep-up.test.ts',
  'services/shared/database/setup/backup-upkeep.test.ts',
  'services/shared/database/setup/dry-run-backup.test.ts',
  'services/shared/database/setup/dry-run-rights.test.ts',
  'tools/openqasm-package/openqasm-package.test.ts',
  'services/shared/database/backup/round-trip.test.ts',
  'services/shared/database/backup/point-in-time/drill.test.ts',
  'services/shared/database/backup/point-in-time/embedded.test.ts',
  'services/shared/database/backup/point-in-time/pgbackrest.test.ts',
  'services/shared/database/backup/point-in-time/retention.test.ts',
  'services/shared/database/backup/point-in-time/s3.test.ts',
  'services/shared/database/migrations/create-migration.test.ts',
  'services/shared/database/migrations/runner-crash.test.ts',
  'services/shared/database/provision/many-at-once.test.ts',
  'services/shared/database/backup/restore/restore-backup.test.ts',
  'services/shared/database/backup/restore/restore-properties.test.ts',
  'services/shared/database/backup/killed.test.ts',
  'services/shared/database/backup/killed-s3.test.ts',
  'services/shared/database/backup/full-disk.test.ts',
  'services/shared/database/backup/majors.test.ts',
  'services/shared/database/backup/memory.test.ts',
  'services/shared/database/migrations/create/column-changes.test.ts',
  'services/shared/database/migrations/create/rule-changes.test.ts',
  'services/shared/database/migrations/vacuum-under-way.test.ts',
  'services/shared/database/migrations/verify/verify-migrations.test.ts',
  'services/shared/database/backup/store/s3-store.test.ts',
  'services/shared/database/partitions/detach-crash.test.ts',
  'services/shared/database/backfill/replica-lag.test.ts',
  'tests/migrations-page.test.ts',
  'tests/operations-page.test.ts',
  'tests/client-readme.test.ts',
  'tests/tutorial-page.test.ts',
  'benchmarks/measurements/changes-under-writers.test.ts',
  'services/shared/database/migrations/create/further-changes.test.ts',
  'services/shared/database/migrations/create/invented-changes.test.ts',
  'services/shared/database/migrations/create/refused-changes.test.ts',
  'services/shared/database/migrations/create/renames.test.ts',
  'benchmarks/run-devices.test.ts',
  'benchmarks/run-hub.test.ts',
  'tests/hub/browser.test.ts',
  'tools/generate/schema-changes.test.ts',
  'services/shared/database/migrations/verify/fill.test.ts',
  'services/shared/database/partitions/no-scan.test.ts',
  'tests/hub/fuzz.test.ts',
  'tests/hub/dump.test.ts',
  'tests/hub/running-hub.test.ts',
  'tests/hub/telemetry.test.ts',
  'tests/hub/openapi-valid.test.ts',
  'tests/hub/pooler.test.ts',
  'tests/hub/ownership.test.ts',
  'devices/qsharp/inputs.test.ts',
  'tests/hub/jobs-of-people.test.ts',
  'services/execution/use-cases/account.test.ts',
  'services/execution/routes/retry.test.ts',
  'services/execution/routes/end-to-end.test.ts',
  'services/execution/routes/random-programs.test.ts',
  'services/execution/routes/results.test.ts',
  'services/identity/mail/mail-sender.test.ts',
  'services/identity/routes/administration.test.ts',
  'services/identity/routes/emails.test.ts',
  'services/identity/routes/sessions.test.ts',
  'services/execution/kills/kills.test.ts',
  'services/execution/worker/processes.test.ts',
];

/**
 * Parts the flags meant for `node --test` from folders and files, and finds the test files under these.
 * Without a path every test of the repository but the slow ones is meant; `--slow` means those.
 *
 * @param root the repository
 * @param from folder that relative paths start from, when they are not found in the repository (npm's INIT_CWD)
 * @throws Error with a sentence for people when a path holds no test
 */
export function readTestArguments(root: string, from: string, args: readonly string[]): TestArguments {
  const flags: string[] = [];
  const paths: string[] = [];
  const words = args.flatMap((arg) => (arg === '--slow' ? slowTests : [arg]));
  for (const [index, arg] of words.entries()) {
    const before = words[index - 1] ?? '';
    const isValueOfFlag = before.startsWith('--') && !before.includes('=') && !find(root, from, arg);
    if (arg.startsWith('-') || isValueOfFlag) flags.push(arg);
    else paths.push(arg);
  }
  const files =
    paths.length === 0
      ? testsMatching(root, `{${rooms.join(',')}}/**/*.test.ts`).filter((file) => !slowTests.includes(file))
      : paths.flatMap((path) => testsAt(root, from, path));
  if (files.length === 0) throw new Error(`no *.test.ts under ${root}: run the tests in a full checkout`);
  return { flags, files: [...new Set(files)].sort() };
}

function testsAt(root: string, from: string, path: string): string[] {
  const found = find(root, from, path);
  if (!found)
    throw new Error(`${path}: no such file or folder; give a folder or a *.test.ts of the repository`);
  if (statSync(found).isFile()) return [relative(root, found)];
  const tests = testsMatching(root, join(relative(root, found), '**/*.test.ts'));
  if (tests.length === 0) throw new Error(`${path}: no *.test.ts in this folder`);
  return tests;
}

function find(root: string, from: string, path: string): string | undefined {
  return [resolve(root, path), resolve(from, path)].find((file) => statSync(file, { throwIfNoEntry: false }));
}

function testsMatching(root: string, pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' });
}
