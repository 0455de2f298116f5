import { join } from 'node:path';
import {
  backupStatusAt,
  clockAheadMs,
  type DatabasePlace,
  inspectPlace,
  readDatabaseConfig,
} from '@quantum-hub/database/admin';
import { workerFigures } from '@quantum-hub/execution';
import { outboxFigures } from '@quantum-hub/identity';
import { isHubError } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { hubUrl } from '../hub/credentials.ts';
import { type Finding, failed, finding, ok } from './check.ts';
import { judgeClock } from './checks/clock.ts';
import { checkDisk } from './checks/disk.ts';
import { checkHub } from './checks/hub.ts';
import { checkInstall, checkNode } from './checks/install.ts';
import { judgeBackups, judgeMail, judgeWorkers } from './checks/services.ts';
import { withDatabase } from './with-database.ts';

const root = join(import.meta.dirname, '../../../..');
const purpose = 'qhub doctor';

const about = `
Node, the installed packages, the database server, its rights, migrations and roles, its clock, the disk, the hub itself,
its workers, its mail and its backups; with what to do about each that is not as it should be. It changes nothing.
Exit code 1 when something failed; warnings alone are exit code 0.

Examples:
  npx qhub doctor
  npx qhub doctor --json      { "ok", "findings": [{ "name", "state": "ok" | "warning" | "failed", "text", "advice" }] }`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Is everything as it should be, and what to do where it is not.')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: OutputOptions) => {
      const findings = await examine(options);
      const good = findings.every(({ state }) => state !== 'failed');
      printResult(options, { ok: good, findings }, textOf(findings));
      if (!good) throw new SilentExit(exitCodes.failed);
    });
}

async function examine(options: OutputOptions): Promise<Finding[]> {
  const here = [
    await finding('node', () => checkNode(root)),
    await finding('install', () => checkInstall(root)),
    await finding('disk', () => checkDisk(readDatabaseConfig().home)),
    await finding('hub', () => checkHub(hubUrl())),
  ];
  return [...here, ...(await examineDatabase(options))];
}

async function examineDatabase(options: OutputOptions): Promise<Finding[]> {
  try {
    return await atPlace({ ...options, purpose, mustExist: true }, examinePlace);
  } catch (error) {
    if (!isHubError(error) || error.code === 'kernel.interrupted') throw error;
    return [
      failed('server', error.message, 'start the hub once with `npm start`, or see README.md, "Servers"'),
    ];
  }
}

/** What stands on a check that failed is not looked at: it would only say the same again. */
async function examinePlace(place: DatabasePlace): Promise<Finding[]> {
  const checks = await inspectPlace(place, purpose.replace(' ', '-'));
  const database = checks.map(({ name, ok: good, detail }) =>
    good
      ? ok(name, detail)
      : failed(name, detail, '`npx qhub db health` says more; `npm start` provisions and migrates'),
  );
  const backups = finding('backups', async () => judgeBackups(await backupStatusAt(place.config)));
  if (checks.some((check) => !check.ok)) return [...database, await backups];
  const clock = await finding('clock', async () => judgeClock(await clockAheadMs(place, 'qhub-doctor')));
  const services = await withDatabase(place, ['worker', 'steward'], async () => [
    await finding('workers', async () => judgeWorkers(await workerFigures())),
    await finding('mail', async () => judgeMail(await outboxFigures(), Boolean(process.env.QHUB_SMTP_URL))),
  ]);
  return [...database, clock, ...services, await backups];
}

const marks = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' } as const;

function textOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, state, text, advice }) => {
    const line = `  ${marks[state]}  ${name.padEnd(width)}  ${text}`;
    return advice === undefined ? line : `${line}\n${' '.repeat(13 + width)}-> ${advice}`;
  });
  const count = (wanted: Finding['state']) => findings.filter(({ state }) => state === wanted).length;
  const [bad, odd] = [count('failed'), count('warning')];
  const sum = bad + odd === 0 ? 'All is well.' : `${bad} failed, ${counted(odd, 'warning')}.`;
  return `${lines.join('\n')}\n${sum}`;
}
