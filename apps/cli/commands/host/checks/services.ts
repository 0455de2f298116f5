import type { BackupStatus } from '@quantum-hub/database/admin';
import type { WorkerFigures } from '@quantum-hub/execution';
import type { OutboxFigures } from '@quantum-hub/identity';
import { counted, durationText } from '../../../output.ts';
import { type Finding, failed, ok, warning } from '../check.ts';

export function judgeWorkers({ workers, waiting, running, oldestSeconds }: WorkerFigures): Finding {
  const jobs = `${running} running, ${waiting} waiting${waiting > 0 ? `, the oldest for ${durationText(oldestSeconds)}` : ''}`;
  const text = `${counted(workers, 'worker')}; jobs: ${jobs}`;
  if (workers > 0) return ok('workers', text);
  const advice = 'start the hub (`npm start`) or a worker (`npx qhub serve --role worker`)';
  return waiting + running > 0 ? failed('workers', text, advice) : warning('workers', text, advice);
}

/** @param hasServer whether QHUB_SMTP_URL is set here */
export function judgeMail({ waiting, failing }: OutboxFigures, hasServer: boolean): Finding {
  const text = `${hasServer ? 'a mail server is set' : 'no mail server is set'}; ${counted(waiting, 'mail')} waiting, of which ${failing} failed`;
  if (!hasServer) {
    return warning(
      'mail',
      text,
      'set QHUB_SMTP_URL and QHUB_MAIL_FROM; until then `npx qhub mail` shows the mails to operators',
    );
  }
  if (failing === 0) return ok('mail', text);
  return failed(
    'mail',
    text,
    '`npx qhub mail` shows them; see that QHUB_SMTP_URL is right and its server answers',
  );
}

export function judgeBackups({ judgements, runs, alarm }: BackupStatus): Finding {
  const wrong = judgements.filter((one) => !one.ok);
  const said = (alarm ? wrong : judgements.slice(0, 1))
    .map(({ name, text }) => `${name}: ${text}`)
    .join('; ');
  if (!alarm) return ok('backups', said);
  const advice =
    '`npx qhub db backup create` and `npx qhub db backup verify`; QHUB_BACKUP_SCHEDULE does it every night';
  // A hub of today has none yet; one that had some has lost them or stopped making them.
  return runs.length === 0 ? warning('backups', said, advice) : failed('backups', said, advice);
}
