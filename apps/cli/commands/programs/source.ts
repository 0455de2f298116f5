import { readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { hubError } from '@quantum-hub/kernel';
import type { Diagnostic } from '@quantum-hub/openqasm';
import { exitCodes, SilentExit } from '../../faults.ts';
import type { OutputOptions } from '../../output.ts';

/** One of the language's own, or one that a hub told, whose codes are more. */
type ToldError = Omit<Diagnostic, 'code'> & { readonly code: string };

/** A program as the person named it. */
export type SourceFile = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly language: 'openqasm' | 'qsharp';
};

/** More than any device takes: an error of a second's work, not of a minute's. */
const MOST_BYTES = 64 * 2 ** 20;

/** Reads a program: a file, relative to where the person stands, or `-` for standard input. */
export async function readSource(name: string): Promise<SourceFile> {
  // As bytes: decoded and written again, a wrong encoding would be gone, and the hash another one.
  if (name === '-') return { name: '-', bytes: await buffer(process.stdin), language: 'openqasm' };
  const path = pathOf(name);
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, and at most ${MOST_BYTES} are read`);
    return {
      name,
      bytes: readFileSync(path),
      language: basename(path).endsWith('.qs') ? 'qsharp' : 'openqasm',
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'it may not be read',
    };
    throw hubError(
      'kernel.file_unreadable',
      { file: name, reason: reasons[code ?? ''] ?? message },
      { cause: error },
    );
  }
}

/** npx changes into the workspace; the person stands in INIT_CWD. */
export function pathOf(name: string): string {
  return isAbsolute(name) ? name : join(process.env.INIT_CWD ?? process.cwd(), name);
}

/**
 * Tells what is wrong with a program and ends with exit code 1: with `--json` `{ "errors": [...] }` on standard output, as text
 * `FILE:LINE:COLUMN code message` on standard error.
 */
export function reportErrors(options: OutputOptions, name: string, errors: readonly ToldError[]): never {
  if (options.json) process.stdout.write(`${JSON.stringify({ errors })}\n`);
  else process.stderr.write(`${errors.map((error) => lineOf(name, error)).join('\n')}\n`);
  throw new SilentExit(exitCodes.failed);
}

function lineOf(
  name: string,
  { file, line, column, code, message, expected, suggestion }: ToldError,
): string {
  // Inputs have no place in the text that a person could mend.
  const known = suggestion ?? (code === 'input' ? 'inputs are given with --input name=value' : undefined);
  const advice = known === undefined ? '' : `; ${known}`;
  return `${file ?? name}:${line}:${column} ${code} ${message} (expected ${expected}${advice})`;
}
