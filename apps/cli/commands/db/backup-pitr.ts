import { isAbsolute, resolve } from 'node:path';
import {
  checkPitrAt,
  createRestorePointAt,
  type EngineName,
  engineNames,
  type Initialised,
  initialisePitrAt,
  listBaseBackups,
  makeBaseBackupAt,
  onRecord,
  pitrStatusAt,
  readDatabaseConfig,
  settingLines,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit, usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { restoreCommand, swapCommand } from './backup-pitr-restore.ts';
import { backupLines, checkText, statusText } from './backup-pitr-text.ts';

const examples = `
Recovery to any moment: a base backup now and then, and the server's log archived as it is written.
With pgBackRest where it is installed (incremental, encrypted, S3), else with PostgreSQL's own programs.
The archive lies in QHUB_BACKUP_DIR/pitr; keep it on another disk or machine than the data.

Examples:
  npx qhub db backup pitr init         once; then restart the server if it says so
  npx qhub db backup pitr backup       a full base backup; --incremental with pgBackRest
  npx qhub db backup pitr check        does the log arrive? Exit code 1 when it does not
  npx qhub db backup pitr restore --time '2026-11-22T14:59:00Z'
  npx qhub db backup drill             rehearse it all`;

const ofEach = (lines: string) => `\nExamples:\n${lines}`;

const initExamples = ofEach(`  npx qhub db backup pitr init
  npx qhub db backup pitr init --engine plain --repository /mnt/elsewhere/pitr --keep 4`);
const backupExamples = ofEach(`  npx qhub db backup pitr backup
  npx qhub db backup pitr backup --incremental`);
const checkExamples = ofEach(`  npx qhub db backup pitr check
  npx qhub db backup pitr check --json     { "ok", "gap", ... }`);
const listExamples = ofEach(`  npx qhub db backup pitr list
  npx qhub db backup pitr list --json     { "backups": [...] }`);
const statusExamples = ofEach(`  npx qhub db backup pitr status
  npx qhub db backup pitr status --json     { "ok", "archive", "backups", "window" }`);
const pointExamples = ofEach(`  npx qhub db backup pitr restore-point 'before the clean-up'
  npx qhub db backup pitr restore --name 'before the clean-up'`);

export function pitrCommand(): Command {
  const group = new Command('pitr').description('Recovery to a point in time.');
  group.addHelpText('after', examples);
  const simple = [
    {
      name: 'check',
      about: 'Send a segment of the log and wait for it in the archive.',
      action: check,
      examples: checkExamples,
    },
    {
      name: 'list',
      about: 'List the base backups; works without the server.',
      action: list,
      examples: listExamples,
    },
    {
      name: 'status',
      about: 'Show archive, backups and log; exit code 1 when archiving fails.',
      action: status,
      examples: statusExamples,
    },
  ];
  group.addCommand(initCommand()).addCommand(backupCommand());
  for (const { name, about, action, examples: own } of simple) {
    group
      .command(name)
      .description(about)
      .option('--json', 'print JSON')
      .addHelpText('after', own)
      .action(action);
  }
  return group.addCommand(pointCommand()).addCommand(restoreCommand()).addCommand(swapCommand());
}

const help = 'npx qhub db backup pitr init --help';

interface InitFlags extends OutputOptions {
  readonly engine?: string;
  readonly repository?: string;
  readonly keep?: string;
  readonly archiveTimeout?: string;
  readonly encryption?: boolean;
  readonly apply?: boolean;
}

function initCommand(): Command {
  return new Command('init')
    .description('Set up archiving; run again to change it.')
    .option('--engine <name>', `${engineNames.join(' or ')} (default: pgbackrest where it is installed)`)
    .option('--repository <folder>', 'where the archive lies (default: pitr in QHUB_BACKUP_DIR)')
    .option('--keep <n>', 'how many full base backups are kept, 1 to 1000 (default: 2)')
    .option('--archive-timeout <s>', 'when a segment that is not full is archived, 1 to 86400 (default: 60)')
    .option('--no-encryption', 'do not encrypt with the passphrase of QHUB_BACKUP_PASSPHRASE_FILE')
    .option('--apply', 'change the settings of a server that is not the embedded one (ALTER SYSTEM)')
    .option('--json', 'print JSON')
    .addHelpText('after', initExamples)
    .action(init);
}

async function init(flags: InitFlags): Promise<void> {
  const options = {
    engine: engineOf(flags.engine, help),
    repository: flags.repository === undefined ? undefined : pathOf(flags.repository),
    keepFull: numberOf('--keep', flags.keep, 1000),
    archiveTimeoutSeconds: numberOf('--archive-timeout', flags.archiveTimeout, 86_400),
    encrypt: flags.encryption,
    apply: flags.apply,
  };
  let stopped = false;
  const needs = { ...flags, purpose: 'qhub db backup pitr init', mustExist: true };
  const done = await atPlace(needs, async (place) => {
    const result = await initialisePitrAt(place, options);
    // The last user of the embedded server takes it along: then its next start is the restart.
    if (result.applied && place.describe().kind === 'embedded') ({ stopped } = await place.close());
    return result;
  });
  const restartNeeded = done.restartNeeded && !stopped;
  printResult(flags, { ...done, restartNeeded }, initText(done, restartNeeded));
}

function initText(
  { engine, repository, encrypted, settings, applied }: Initialised,
  restart: boolean,
): string {
  const lines = settingLines(settings).map((line) => `  ${line}`);
  const secret = encrypted
    ? 'It is encrypted: keep the passphrase elsewhere too, without it nobody can restore.'
    : 'It is not encrypted.';
  const what = applied ? 'The server has these settings now:' : 'Add these lines to postgresql.conf:';
  const next =
    restart || !applied ? 'Restart the server, then make a base backup:' : 'Now make a base backup:';
  const step = '  npx qhub db backup pitr backup';
  return [`Archiving by ${engine} into ${repository}. ${secret}`, what, ...lines, next, step].join('\n');
}

function backupCommand(): Command {
  return new Command('backup')
    .description('Make a base backup, then remove what is no longer kept.')
    .option('--incremental', 'only what changed since the last one (pgBackRest)')
    .option('--json', 'print JSON')
    .addHelpText('after', backupExamples)
    .action(async (flags: OutputOptions & { incremental?: boolean }) => {
      const needs = { ...flags, purpose: 'qhub db backup pitr backup', mustExist: true };
      const kind = flags.incremental ? 'incremental' : 'full';
      const make = () => atPlace(needs, (place) => makeBaseBackupAt(place, kind));
      const done = await onRecord(readDatabaseConfig(), { kind: 'base' }, make, ({ backup }) => ({
        backup: backup.label,
        bytes: backup.bytes,
      }));
      const { backup, pruned, seconds } = done;
      const gone = pruned.backups.length ? `\nRemoved: ${pruned.backups.join(', ')}.` : '';
      const text = `Made ${backup.label} in ${seconds.toFixed(1)} s:\n${backupLines([backup])}${gone}`;
      printResult(flags, done, text);
    });
}

async function check(flags: OutputOptions): Promise<void> {
  const needs = { ...flags, purpose: 'qhub db backup pitr check', mustExist: true };
  const result = await atPlace(needs, (place) => checkPitrAt(place));
  const ok = result.gap === undefined && result.backups > 0;
  printResult(flags, { ok, ...result, gap: result.gap ?? null }, checkText(result));
  if (!ok) throw new SilentExit(exitCodes.failed);
}

async function list(flags: OutputOptions): Promise<void> {
  const backups = await listBaseBackups(readDatabaseConfig());
  printResult(flags, { backups }, backups.length ? backupLines(backups) : 'There is no base backup yet.');
}

async function status(flags: OutputOptions): Promise<void> {
  const needs = { ...flags, purpose: 'qhub db backup pitr status', mustExist: true };
  const result = await atPlace(needs, (place) => pitrStatusAt(place));
  const { archive, backups } = result;
  const ok = archive.mode !== 'off' && !archive.failing && backups.length > 0;
  printResult(flags, { ok, ...result, window: result.window ?? null }, statusText(result));
  if (!ok) throw new SilentExit(exitCodes.failed);
}

function pointCommand(): Command {
  return new Command('restore-point')
    .description('Give this moment a name that recovery can go to, as before a risky change.')
    .argument('<name>', 'at most 63 bytes; each name once')
    .option('--json', 'print JSON')
    .addHelpText('after', pointExamples)
    .action(async (name: string, flags: OutputOptions) => {
      if (name === '' || Buffer.byteLength(name) > 63) {
        throw usageFault(
          `the name "${name}" has ${Buffer.byteLength(name)} bytes; expected 1 to 63`,
          'npx qhub db backup pitr restore-point --help',
        );
      }
      const needs = { ...flags, purpose: 'qhub db backup pitr restore-point', mustExist: true };
      const point = await atPlace(needs, (place) => createRestorePointAt(place, name));
      const text = `The restore point "${point.name}" is at ${point.at}: npx qhub db backup pitr restore --name '${point.name}'`;
      printResult(flags, point, text);
    });
}

export function engineOf(text: string | undefined, helpCommand: string): EngineName | undefined {
  if (text === undefined) return undefined;
  const found = engineNames.find((name) => name === text);
  if (found) return found;
  throw usageFault(`--engine is "${text}"; expected ${engineNames.join(' or ')}`, helpCommand);
}

/** npx changes the directory inside a workspace; INIT_CWD is where the person stood. */
function pathOf(text: string): string {
  return isAbsolute(text) ? text : resolve(process.env.INIT_CWD ?? process.cwd(), text);
}

function numberOf(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw usageFault(`${option} is "${text}"; expected a whole number from 1 to ${most}`, help);
}
