import { writeFileSync } from 'node:fs';
import { hubError } from '@quantum-hub/kernel';
import { pathOf } from '../programs/source.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'you may not write there',
  ENOSPC: 'the disk is full',
};

/** Writes a file where its user means it, and gives its whole path. Throws `kernel.file_unwritable`. */
export function writeDocument(file: string, text: string, options: { readonly mode?: number } = {}): string {
  const path = pathOf(file);
  try {
    writeFileSync(path, text, options);
    return path;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = reasons[code ?? ''] ?? message;
    throw hubError('kernel.file_unwritable', { file, reason }, { cause: error });
  }
}
