/** Keeps the schedule of backups while the hub runs, and looks every hour whether somebody has to look after them. */
import type { BackupStatus, BackupTurn } from '@quantum-hub/database/admin';
import { Cron } from 'croner';
import type { Say } from './log.ts';

export interface ScheduleOptions {
  /** Cron text, in UTC; undefined: no backups are made by the hub, and nothing is watched unless figures are asked for. */
  readonly schedule: string | undefined;
  /** Does what the last turn asks for, if nobody did: also one that was missed while no hub ran. */
  readonly turn: (signal: AbortSignal) => Promise<BackupTurn>;
  /** Looks how backups stand, and writes the figures. */
  readonly look: () => Promise<Pick<BackupStatus, 'judgements'>>;
  readonly log: Say;
}

/** At five past: backups that begin on the hour are seldom verified by then, and one on record later is seen an hour after. */
const hourly = '5 * * * *';
const inUtc = { timezone: 'UTC', unref: true } as const;

/**
 * The first turn and look come at once. A turn that fails is logged and comes again with the next one; several never run
 * at once. Disposing interrupts a turn under way, which leaves nothing half-made, and waits for it.
 */
export function keepBackupSchedule({ schedule, turn, look, log }: ScheduleOptions): AsyncDisposable {
  const stop = new AbortController();
  const alarms = new Set<string>();
  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    last = last.then(async () => {
      if (!stop.signal.aborted)
        await work().catch((error) => !stop.signal.aborted && log(failedText(error), 'error'));
    });
    return last;
  };
  const watch = async () => {
    const { judgements } = await look();
    for (const { name, ok, text } of judgements) {
      // Told once, and again when it is over: a log that repeats itself is not read.
      if (!ok && !alarms.has(name)) log(`ALARM, backups, ${name}: ${text}`, 'error');
      if (ok && alarms.has(name)) log(`Backups, ${name}, is well again: ${text}`);
      if (ok) alarms.delete(name);
      else alarms.add(name);
    }
  };
  const backUp = async () => {
    const done = await turn(stop.signal);
    if (done.outcome === 'made') log(`Made and verified the backup ${done.name}.`);
  };
  const both = () => {
    inTurn(backUp);
    return inTurn(watch);
  };
  const jobs = [
    ...(schedule ? [new Cron(schedule, inUtc, both)] : []),
    new Cron(hourly, inUtc, () => inTurn(watch)),
  ];
  if (schedule) both();
  else inTurn(watch);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      for (const job of jobs) job.stop();
      await last;
    },
  };
}

function failedText(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `The backup by schedule failed, tried again at its next turn: ${reason}`;
}
