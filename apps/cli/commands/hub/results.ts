import { writeFileSync } from 'node:fs';
import { hubError } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { type OutputOptions, printResult } from '../../output.ts';
import { pathOf } from '../programs/source.ts';
import { connectHub } from './connect.ts';
import { documentText, fetchResult, type ResultDocument } from './result.ts';

export function resultsCommand(): Command {
  return new Command('results')
    .description('The result of a job.')
    .argument('<id>', 'of the job')
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
      const path = pathOf(output);
      writeDocument(path, output, `${JSON.stringify(document, null, 2)}\n`);
      printResult(options, { id, file: path }, `Written to ${path}.`);
    });
}

function writeDocument(path: string, file: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'its folder does not exist',
      EISDIR: 'it is a folder',
      EACCES: 'you may not write there',
      ENOSPC: 'the disk is full',
    };
    throw hubError(
      'kernel.file_unwritable',
      { file, reason: reasons[code ?? ''] ?? message },
      { cause: error },
    );
  }
}
