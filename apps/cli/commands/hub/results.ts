import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { connectHub } from './connect.ts';
import { idOf } from './named.ts';
import { documentText, fetchResult, type ResultDocument } from './result.ts';
import { writeDocument } from './write-document.ts';

export function resultsCommand(): Command {
  return new Command('results')
    .description('The result of a job.')
    .argument('<id>', 'of the job', idOf('job', 'jobs list', 'npx qhub results --help'))
    .option('-o, --output <file>', 'write the whole document (JSON) into a file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The document says by itself how it is to be read: bit order, registers, seed, hash of the program, device.

Examples:
  npx qhub results 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11
  npx qhub results 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11 -o bell.json`,
    )
    .action(async (id: string, { output, ...options }: OutputOptions & { readonly output?: string }) => {
      const document = await fetchResult(connectHub(), id);
      if (output === undefined) {
        return printResult(
          options,
          document,
          documentText(document as unknown as ResultDocument, process.stdout.columns || 80),
        );
      }
      const path = writeDocument(output, `${JSON.stringify(document, null, 2)}\n`);
      printResult(options, { id, file: path }, `Written to ${path}.`);
    });
}
