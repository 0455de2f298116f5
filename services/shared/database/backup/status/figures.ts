/** The state of backups as figures in Prometheus' text format (version 0.0.4), for node_exporter's textfile collector. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lastRun, runKinds } from '../runs/run.ts';
import type { BackupFacts, Judgement } from './judge-backups.ts';

type Figure = readonly [
  name: string,
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
];

/** Figures that are not known are left out. Times are seconds since 1970, sizes bytes. */
export function renderFigures(facts: BackupFacts, judgements: readonly Judgement[]): string {
  const { now, runs, verifiedAt, wholeBackups, damaged, disk, archive } = facts;
  const seconds = (at: Date | undefined) => (at ? [['', at.getTime() / 1000] as const] : []);
  const ended = (pick: 'time' | 'duration' | 'ok') =>
    runKinds.flatMap((kind) => {
      const run = lastRun(runs, [kind]);
      if (!run) return [];
      const end = run.finishedAt.getTime() / 1000;
      const value = { time: end, duration: end - run.startedAt.getTime() / 1000, ok: Number(run.ok) }[pick];
      return [[`{kind="${kind}"}`, value] as const];
    });
  const figures: readonly Figure[] = [
    ['written_timestamp_seconds', 'When these figures were written.', seconds(now)],
    ['verified_timestamp_seconds', 'Moment that the newest verified backup shows.', seconds(verifiedAt)],
    ['whole', 'Backups of which no file is missing or cut.', [['', wholeBackups]]],
    ['damaged', 'Backups with files that are missing or cut.', [['', damaged.length]]],
    ['last_run_timestamp_seconds', 'When the last run ended.', ended('time')],
    ['last_run_duration_seconds', 'How long the last run took.', ended('duration')],
    ['last_run_success', '1 when the last run ended well, else 0.', ended('ok')],
    ['disk_free_bytes', 'Free space where backups are kept.', disk ? [['', disk.freeBytes]] : []],
    ['disk_size_bytes', 'Size of the disk where backups are kept.', disk ? [['', disk.totalBytes]] : []],
    [
      'archive_lag_seconds',
      'How long the oldest segment waits for the archive.',
      archive ? [['', archive.lagSeconds]] : [],
    ],
    ['wal_bytes', 'Size of pg_wal.', archive ? [['', archive.walBytes]] : []],
    ['drill_timestamp_seconds', 'When recovery was last rehearsed well.', seconds(archive?.drilledAt)],
    [
      'alarm',
      '1 when somebody has to look after it.',
      judgements.map(({ name, ok }) => [`{name="${name}"}`, ok ? 0 : 1]),
    ],
  ];
  return figures
    .filter(([, , values]) => values.length > 0)
    .map(([name, help, values]) => {
      const full = `qhub_backup_${name}`;
      const lines = values.map(([labels, value]) => `${full}${labels} ${value}\n`);
      return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
    })
    .join('');
}

/** A reader finds the old figures or the new ones, never half of them. Others may read it: it names nothing but figures. */
export async function writeFigures(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { mode: 0o644 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
