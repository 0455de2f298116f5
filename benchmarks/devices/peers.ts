import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { getCompiler, type ICompiler, loadWasmModule, QscEventTarget } from 'qsharp-lang';
// @ts-expect-error: it brings no types.
import QuantumCircuit from 'quantum-circuit';

/** Microsoft's QDK; every shot is simulated anew. */
export async function qdk(): Promise<(source: string, shots: number) => Promise<unknown>> {
  const home = dirname(dirname(createRequire(import.meta.url).resolve('qsharp-lang')));
  const bytes = await readFile(join(home, 'lib/web/qsc_wasm_bg.wasm'));
  await loadWasmModule(new Uint8Array(bytes).buffer);
  const compiler: ICompiler = await getCompiler();
  return async (source, shots) => {
    const target = new QscEventTarget(true);
    const config = {
      sources: [['program.qasm', source]] as [string, string][],
      languageFeatures: [],
      profile: 'unrestricted' as const,
      projectType: 'openqasm' as const,
    };
    await compiler.run(config, '', shots, target);
    if (target.resultCount() !== shots) throw new Error(`${target.resultCount()} results of ${shots} shots`);
  };
}

type Circuit = {
  importQASM(text: string, done: (errors: unknown[]) => void): void;
  run(): void;
  measureAllMultishot(shots: number): unknown;
};

function imported(source: string): Circuit {
  const circuit = new QuantumCircuit() as Circuit;
  circuit.importQASM(source, (errors) => {
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
  });
  return circuit;
}

/** The quantum-circuit package: its importer. */
export async function importQasm(source: string): Promise<void> {
  imported(source);
}

/** The quantum-circuit package: import, run, sample. */
export async function quantumCircuit(source: string, shots: number): Promise<void> {
  const circuit = imported(source);
  circuit.run();
  circuit.measureAllMultishot(shots);
}

/** A command in a process of its own. */
export async function inProcess(file: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(file, args);
}
