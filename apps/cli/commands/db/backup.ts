import { Command } from 'commander';
import { createCommand } from './backup-create.ts';
import { drillCommand } from './backup-drill.ts';
import { listCommand } from './backup-list.ts';
import { pitrCommand } from './backup-pitr.ts';
import { pruneCommand } from './backup-prune.ts';
import { restoreCommand } from './backup-restore.ts';
import { scheduleCommand } from './backup-schedule.ts';
import { statusCommand } from './backup-status.ts';
import { verifyCommand } from './backup-verify.ts';

const examples = `
A backup is a folder with a dump of PostgreSQL's own format, the roles, and a manifest that says what is
in it: rows and a digest of each table, at one moment. It counts only when it is whole. It lies in
QHUB_BACKUP_DIR (default: backups/ of the checkout), or in a bucket: s3://BUCKET/PREFIX.

Examples:
  npx qhub db backup create                 while the hub is running
  npx qhub db backup verify                 restore the newest one on a throw-away server, and compare
  npx qhub db backup list
  npx qhub db backup status                 are they as they should be?
  npx qhub db backup restore NAME           into a new database, which then takes the old one's place`;

export function backupCommand(): Command {
  const command = new Command('backup').description('Make, check and restore backups.');
  command.addHelpText('after', examples);
  for (const child of [
    createCommand(),
    listCommand(),
    verifyCommand(),
    restoreCommand(),
    pruneCommand(),
    scheduleCommand(),
    statusCommand(),
    pitrCommand(),
    drillCommand(),
  ]) {
    command.addCommand(child);
  }
  return command;
}
