import type { BaseBackup, DrillRecord, PitrStatus, RecoveredData } from '@quantum-hub/database/admin';
import { counted, facts } from '../../output.ts';

export function backupLines(backups: readonly BaseBackup[]): string {
  return backups
    .map(
      ({ label, kind, stoppedAt, bytes }) =>
        `  ${label}  ${kind.padEnd(11)}  ended ${stoppedAt.toISOString()}  ${megabytes(bytes)}`,
    )
    .join('\n');
}

interface CheckResult {
  readonly engine: string;
  readonly segment: string;
  readonly deliverySeconds: number;
  readonly backups: number;
  readonly gap?: string | undefined;
}

export function checkText({ engine, segment, deliverySeconds, backups, gap }: CheckResult): string {
  const arrived = `The segment ${segment} was in the archive (${engine}) after ${deliverySeconds.toFixed(1)} s.`;
  if (gap) return `${arrived}\nFAULT: the segment ${gap} is missing: make a new base backup.`;
  if (backups === 0) return `${arrived}\nFAULT: there is no base backup: npx qhub db backup pitr backup`;
  return `${arrived}\nThe log has no gap from the oldest of ${counted(backups, 'base backup')} on.`;
}

export function statusText({ engine, repository, archive, backups, window }: PitrStatus): string {
  const { lastArchived, lastArchivedAt, lastFailedAt, failing } = archive;
  const verdict =
    archive.mode === 'off'
      ? 'FAULT: the server does not archive; restart it, or run `npx qhub db backup pitr init`.'
      : failing
        ? 'FAULT: archiving fails; the server keeps its log until it works. See its log for the reason.'
        : backups.length === 0
          ? 'FAULT: there is no base backup: npx qhub db backup pitr backup'
          : 'All is well; whether it can be recovered shows `npx qhub db backup drill`.';
  return [
    facts([
      ['archive', `${repository} (${engine}), archive_mode ${archive.mode}`],
      ['archived', `${archive.archived} segments, last ${lastArchived ?? 'none'} at ${time(lastArchivedAt)}`],
      ['failures', `${archive.failed}, last at ${time(lastFailedAt)}`],
      ['waiting', `${archive.waitingSegments} segments, the oldest for ${archive.lagSeconds.toFixed(0)} s`],
      ['pg_wal', megabytes(archive.walBytes)],
      ['window', window ? `${time(window.from)} to ${time(window.to)}` : 'none'],
    ]),
    backups.length ? `Base backups:\n${backupLines(backups)}` : '',
    verdict,
  ]
    .filter(Boolean)
    .join('\n');
}

export function restoredText({
  target,
  backup,
  lastTransactionAt,
  dataDir,
  databases,
  seconds,
}: RecoveredData): string {
  return [
    `Recovered up to ${target} in ${seconds.toFixed(1)} s; the server came up with it and is stopped again.`,
    facts([
      ['data', dataDir],
      ['from', backup],
      ['last write', lastTransactionAt ? time(lastTransactionAt) : 'none after the base backup'],
      ['databases', databases.map(({ name, bytes }) => `${name} (${megabytes(bytes)})`).join(', ')],
    ]),
  ].join('\n');
}

export function drillText({ ok, engine, moment, backup, found, rpo, rto, fault }: DrillRecord): string {
  const s = (seconds: number) => `${seconds.toFixed(1)} s`;
  return [
    ok ? 'The drill passed.' : `THE DRILL FAILED: ${fault?.message}`,
    facts([
      ['engine', engine],
      ['moment', moment],
      ['base backup', backup],
      ['rows found', found && `${found.before} of before the moment, ${found.after} of after it`],
      [
        'RPO',
        rpo &&
          `at most ${s(rpo.worst)} of work lost: the log was in the archive after ${s(rpo.delivery)}, and archive_timeout is ${rpo.archiveTimeout} s`,
      ],
      [
        'RTO',
        rto && `${s(rto.total)}: base backup ${s(rto.layOut)}, log ${s(rto.replay)}, check ${s(rto.check)}`,
      ],
    ]),
  ].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function time(at: Date | undefined): string {
  return at?.toISOString() ?? 'never';
}
