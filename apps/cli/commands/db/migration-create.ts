import { createInterface } from 'node:readline/promises';
import {
  createMigration,
  type Hazard,
  hazardNames,
  type RenameQuestion,
  type WrittenMigration,
} from '@quantum-hub/database/admin';
import { hubError } from '@quantum-hub/kernel';
import { Command, Option } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { majorOption } from './major-option.ts';

const about = `
Replays all migrations on a scratch server, compares what they make with the models, and writes
what is missing into services/shared/database/migrations/versions, with a line in ORDER. It is
tried there and back first. Rights, functions, partitions and data are written by hand: --blank.

A dropped and an added name of like shape may be a rename: it asks, or wants --rename or --no-rename.
What is dangerous on a live database is refused until it is allowed by its name, and stands in the
header then: ${hazardNames.join(', ')}.
--safe writes the form that locks only briefly, as several migrations, wherever there is one.

Examples:
  npx qhub db migration create "Add a phone number to profiles"
  npx create-migration "Call bio about" --rename identity.user_profiles.bio=about
  npx create-migration "Drop the old flag" --no-rename --allow drop-column
  npx create-migration "Index jobs by device" --safe
  npx create-migration "Give every app a licence" --safe --backfill "development.quantum_apps.license='MIT'"
  npx create-migration "Let the worker read profiles" --blank`;

interface CreateOptions extends OutputOptions {
  readonly blank?: boolean;
  readonly rename: readonly string[];
  /** False with --no-rename. */
  readonly mayRename?: boolean;
  readonly allow: readonly string[];
  readonly safe?: boolean;
  readonly backfill: readonly string[];
  readonly major?: string;
}

const help = 'npx qhub db migration create --help';
const several = (value: string, earlier: readonly string[]) => [...earlier, value];

export function createCommand(): Command {
  return new Command('create')
    .description('Write the migration that leads to what the models say.')
    .argument('<description>', 'what changes, in a few words')
    .option('--rename <old=new>', 'this one was renamed; may be given several times', several, [])
    .addOption(noRename())
    .option(
      '--allow <hazard>',
      'do it although it is dangerous; several: commas, or several times',
      several,
      [],
    )
    .option('--safe', 'write the safe form, as several migrations')
    .option('--backfill <column=sql>', 'what a new not-null column holds in the rows there are', several, [])
    .option('--major <n>', 'of the PostgreSQL to try on (default: that of the embedded server)')
    .option('--blank', 'an empty pair, to write by hand')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(create);
}

/** Commander would let it take back what --rename said; here both go together. */
function noRename(): Option {
  const option = new Option('--no-rename', 'everything else was dropped and added');
  option.attributeName = () => 'mayRename';
  return option;
}

async function create(description: string, options: CreateOptions): Promise<void> {
  if (options.blank && (options.rename.length > 0 || options.safe || options.backfill.length > 0)) {
    throw usageFault('--blank goes only with --allow', help);
  }
  const asked = {
    description,
    blank: options.blank,
    renames: options.rename,
    noRename: options.mayRename === false,
    allow: hazardsOf(options.allow),
    safe: options.safe ?? false,
    backfills: options.backfill,
    major: majorOption(options.major, help),
    ...(process.stdin.isTTY && !options.json && { ask: askRename }),
  };
  const written = await withProgress(options, ({ line, step }) =>
    createMigration({ ...asked, onProgress: line, onStep: step }),
  );
  printResult(options, { written }, textOf(written));
}

function hazardsOf(given: readonly string[]): Hazard[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim());
  const unknown = names.find((name) => !(hazardNames as readonly string[]).includes(name));
  if (unknown === undefined) return names as Hazard[];
  throw usageFault(`--allow is "${unknown}"; expected some of ${hazardNames.join(', ')}`, help);
}

/** The default is to ask again: a wrong guess loses what is stored. */
async function askRename({ kind, dropped, added }: RenameQuestion): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const lines = added.map((name, at) => `  ${at + 1}  it was renamed to ${name}`);
    process.stderr.write(`The ${kind} ${dropped} is gone from the models.\n${lines.join('\n')}\n`);
    process.stderr.write('  d  it was dropped, with what it holds\n');
    const { promise: closed, reject } = Promise.withResolvers<never>();
    closed.catch(() => {});
    terminal.once('close', () => reject(hubError('kernel.interrupted', { signal: 'SIGINT' })));
    for (;;) {
      const answer = (await Promise.race([terminal.question('Which is it? '), closed])).trim();
      if (answer === 'd') return undefined;
      const name = /^\d+$/.test(answer) ? added[Number(answer) - 1] : undefined;
      if (name !== undefined) return name;
    }
  } finally {
    terminal.close();
  }
}

function textOf(written: readonly WrittenMigration[]): string {
  if (written.length === 0) return 'The migrations make what the models say: nothing was written.';
  const lines = written.map(({ name, hazards, reversible, breaking }) =>
    [
      `  ${name}`,
      `    hazards ${hazards.join(', ') || 'none'}, reversible: ${reversible}`,
      ...(breaking === undefined ? [] : [`    breaking: ${breaking}`]),
    ].join('\n'),
  );
  return [
    `Wrote ${counted(written.length, 'migration')}:`,
    ...lines,
    'Read them. Rights of new tables and columns are written by hand (models/privileges.ts).',
  ].join('\n');
}
