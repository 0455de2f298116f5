import { Command } from 'commander';

const examples = `
A backup is a folder with a dump of PostgreSQL's own format, the roles, and a manifest that says what is
in it: rows and a digest of each table, at one moment. It counts only when it is whole.`;

export function backupCommand(): Command {
  return new Command('backup').description('Make, check and restore backups.').addHelpText('after', examples);
}
