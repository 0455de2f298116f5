import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getCompiler, type ICompiler, loadWasmModule, type ProgramConfig } from 'qsharp-lang';
import type { Random } from '../engine/random.ts';

/** Microsoft's QDK, compiled to WebAssembly. */
export async function qsharpCompiler(): Promise<ICompiler> {
  const home = dirname(dirname(createRequire(import.meta.url).resolve('qsharp-lang')));
  const bytes = await readFile(join(home, 'lib/web/qsc_wasm_bg.wasm'));
  await loadWasmModule(new Uint8Array(bytes).buffer);
  return await getCompiler();
}

export function configOf(source: string): ProgramConfig {
  return { sources: [['program.qs', source]], languageFeatures: [], profile: 'unrestricted' };
}

/**
 * The QDK takes no seed in WebAssembly; what it draws comes from `crypto.getRandomValues`. While `work` runs, that gives the numbers
 * of `random`, so that a seed
 * means the same here as everywhere. It draws its own seed once in the life of a process: only the first run of a process is told by `random`,
 * and the sandbox gives each run its own.
 */
export async function withRandom<T>(random: Random, work: () => Promise<T>): Promise<T> {
  const own = crypto.getRandomValues;
  crypto.getRandomValues = ((array: Uint8Array) => {
    for (let index = 0; index < array.length; index++) array[index] = random.bits() >>> 24;
    return array;
  }) as typeof own;
  try {
    return await work();
  } finally {
    crypto.getRandomValues = own;
  }
}
