/** Whether somebody has to look after the backups: a pure judgement of what was found. */
import { type BackupRun, lastRun, type RunKind } from '../runs/run.ts';

export interface BackupFacts {
  readonly now: Date;
  readonly runs: readonly BackupRun[];
  /** Of the newest backup whose verification was good; undefined where there is none. */
  readonly verifiedAt: Date | undefined;
  readonly wholeBackups: number;
  readonly damaged: readonly string[];
  /** Size of the largest backup in bytes: the next one may need as much. */
  readonly largestBytes: number;
  /** The disk of a folder; undefined for a bucket. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** The log's archive; undefined where none is set up. */
  readonly archive:
    | {
        /** `archive_mode` of the running server. */
        readonly mode: string;
        readonly failing: boolean;
        readonly lagSeconds: number;
        readonly archiveTimeoutSeconds: number;
        readonly walBytes: number;
        /** `max_wal_size`, which the log passes only when something keeps it from being recycled. */
        readonly maxWalBytes: number;
        readonly drilledAt: Date | undefined;
      }
    | undefined;
  /** Why an archive that is set up could not be looked at. */
  readonly archiveFault: string | undefined;
}

export interface Limits {
  readonly verifiedWithinHours: number;
}

export interface Judgement {
  readonly name:
    | 'verified backup'
    | 'last runs'
    | 'damaged backups'
    | 'free space'
    | 'archive'
    | 'pg_wal'
    | 'drill';
  readonly ok: boolean;
  /** One sentence without a full stop. */
  readonly text: string;
}

/** Segments may lie for the server's own timeout; so much longer is a lag. */
const mostLagSeconds = 600;
/** A log that is twice as long as it should be is held by something: an archive that fails, a replication slot. */
const mostWalShare = 2;
/** Fuller than this is filling up, whatever the size of a backup. */
const leastFreeShare = 0.1;
const drillDays = 35;
const dayMs = 86_400_000;

export function judgeBackups(facts: BackupFacts, limits: Limits): Judgement[] {
  const { archive, archiveFault } = facts;
  return [
    judgeAge(facts, limits),
    judgeRuns(facts),
    judgeDamage(facts),
    ...(facts.disk ? [judgeDisk(facts, facts.disk)] : []),
    ...(archiveFault ? [unseen(archiveFault)] : []),
    ...(archive ? [judgeArchive(archive), judgeWal(archive), judgeDrill(facts.now, archive)] : []),
  ];
}

function judgeAge(
  { verifiedAt, wholeBackups, now }: BackupFacts,
  { verifiedWithinHours }: Limits,
): Judgement {
  const name = 'verified backup';
  if (verifiedAt === undefined) {
    const what =
      wholeBackups === 0 ? 'there is no backup' : `none of the ${wholeBackups} backups was verified`;
    const next = wholeBackups === 0 ? 'create' : 'verify';
    return { name, ok: false, text: `${what}; run npx qhub db backup ${next}` };
  }
  const hours = (now.getTime() - verifiedAt.getTime()) / 3_600_000;
  const ok = hours <= verifiedWithinHours;
  const limit = ok ? '' : `, more than the ${verifiedWithinHours} h that are allowed`;
  return { name, ok, text: `the newest verified backup is ${hours.toFixed(1)} h old${limit}` };
}

/** Of each kind of work the last run counts: what went well since is mended. */
const watched: readonly (readonly RunKind[])[] = [
  ['create'],
  ['verify', 'check'],
  ['prune'],
  ['base'],
  ['drill'],
];

function judgeRuns({ runs }: BackupFacts): Judgement {
  const failed = watched.map((kinds) => lastRun(runs, kinds)).filter((run) => run && !run.ok) as BackupRun[];
  const texts = failed.map(
    ({ kind, finishedAt, error }) => `the last ${kind} failed at ${finishedAt.toISOString()}: ${error}`,
  );
  return {
    name: 'last runs',
    ok: failed.length === 0,
    text: texts.join('; ') || 'none of the last runs failed',
  };
}

function judgeDamage({ damaged }: BackupFacts): Judgement {
  const ok = damaged.length === 0;
  const text = ok ? 'no file is missing or cut' : `missing or cut files in ${damaged.join(', ')}`;
  return { name: 'damaged backups', ok, text };
}

function judgeDisk(
  { largestBytes }: BackupFacts,
  { freeBytes, totalBytes }: NonNullable<BackupFacts['disk']>,
): Judgement {
  const share = totalBytes > 0 ? freeBytes / totalBytes : 0;
  const free = `${(100 * share).toFixed(0)} % of the disk are free`;
  const name = 'free space';
  if (freeBytes < 2 * largestBytes) {
    return { name, ok: false, text: `${free}, less than two backups need; run npx qhub db backup prune` };
  }
  return share < leastFreeShare
    ? { name, ok: false, text: `${free}, less than ${100 * leastFreeShare} %` }
    : { name, ok: true, text: free };
}

function unseen(reason: string): Judgement {
  return { name: 'archive', ok: false, text: `the archive could not be looked at: ${reason}` };
}

type Archive = NonNullable<BackupFacts['archive']>;

function judgeArchive({ mode, failing, lagSeconds, archiveTimeoutSeconds }: Archive): Judgement {
  const name = 'archive';
  if (mode === 'off') {
    return {
      name,
      ok: false,
      text: 'archive_mode is off: restart the server, or run npx qhub db backup pitr init',
    };
  }
  if (failing) return { name, ok: false, text: 'the last attempt to archive the log failed' };
  const most = archiveTimeoutSeconds + mostLagSeconds;
  const ok = lagSeconds <= most;
  const limit = ok ? '' : `, more than ${most} s`;
  return { name, ok, text: `the archive is ${Math.round(lagSeconds)} s behind${limit}` };
}

function judgeWal({ walBytes, maxWalBytes }: Archive): Judgement {
  const ok = walBytes <= mostWalShare * maxWalBytes;
  const share = (walBytes / maxWalBytes).toFixed(1);
  return {
    name: 'pg_wal',
    ok,
    text: `pg_wal has ${share} times max_wal_size${ok ? '' : ': something holds it'}`,
  };
}

function judgeDrill(now: Date, { drilledAt }: Archive): Judgement {
  const name = 'drill';
  const next = 'run npx qhub db backup drill';
  if (drilledAt === undefined) return { name, ok: false, text: `recovery was never rehearsed; ${next}` };
  const days = (now.getTime() - drilledAt.getTime()) / dayMs;
  const ok = days <= drillDays;
  const text = `the last good drill was ${days.toFixed(0)} days ago`;
  return { name, ok, text: ok ? text : `${text}, more than ${drillDays}; ${next}` };
}
