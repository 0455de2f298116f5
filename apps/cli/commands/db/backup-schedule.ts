import { dirname, resolve } from 'node:path';
import { readUpkeepSettings } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';

const about = `
The running hub (npm start) keeps the schedule by itself when QHUB_BACKUP_SCHEDULE is set: it makes a backup, verifies it
by restoring, and prunes; one hub at a time over all hosts, and a turn that was missed is made up at the next start.
This prints lines for those who would rather have the system do it.

Examples:
  npx qhub db backup schedule                     what is set
  npx qhub db backup schedule --print cron        a line for crontab
  npx qhub db backup schedule --print systemd     a service and a timer`;

const help = 'npx qhub db backup schedule --help';
const standard = '15 2 * * *';
const repository = resolve(import.meta.dirname, '../../../..');

export function scheduleCommand(): Command {
  return new Command('schedule')
    .description('When backups are made, and lines for cron or systemd.')
    .option('--print <kind>', 'cron or systemd')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(({ print, ...options }: OutputOptions & { print?: string }) => {
      const { schedule } = readUpkeepSettings();
      if (print === undefined) return show(options, schedule);
      if (print !== 'cron' && print !== 'systemd') {
        throw usageFault(`--print is "${print}"; expected cron or systemd`, help);
      }
      const text = print === 'cron' ? cronLines(schedule ?? standard) : systemdUnits();
      printResult(options, { print, text }, text);
    });
}

function show(options: OutputOptions, schedule: string | undefined): void {
  const text = schedule
    ? `The running hub makes backups at "${schedule}" (UTC).`
    : `The hub makes no backups by itself: set QHUB_BACKUP_SCHEDULE, such as "${standard}", or take the lines of --print.`;
  printResult(options, { schedule: schedule ?? null }, text);
}

/** Node's folder goes along: cron and systemd know of no PATH but the system's. */
const commands = ['create', 'verify', 'prune'].map((word) => `npx qhub db backup ${word}`);
const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/** Percent signs are line ends to cron. */
function cronLines(schedule: string): string {
  const run = `cd ${quoted(repository)} && ${commands.join(' && ')}`.replaceAll('%', '\\%');
  return `CRON_TZ=UTC\nPATH=${path}\n${schedule} ${run} || npx qhub db backup status`;
}

function systemdUnits(): string {
  return `# /etc/systemd/system/quantum-hub-backup.service
[Unit]
Description=Quantum Hub: make, verify and prune backups

[Service]
Type=oneshot
WorkingDirectory=${repository}
Environment="PATH=${path}"
${commands.map((command) => `ExecStart=/usr/bin/env ${command}`).join('\n')}

# /etc/systemd/system/quantum-hub-backup.timer
[Timer]
OnCalendar=*-*-* 02:15:00 UTC
Persistent=true

[Install]
WantedBy=timers.target`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
