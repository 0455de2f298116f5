import type {
  CountsResult,
  Device,
  DeviceAnswer,
  DeviceProfile,
  DeviceRequest,
  JsonSchema,
  ProgramErrors,
  RunOptions,
} from '@quantum-hub/execution/ports';
import type { Diagnostic } from '@quantum-hub/openqasm';
import { type ICompiler, QdkDiagnostics, QscEventTarget, type VSDiagnostic } from 'qsharp-lang';
import { seededRandom } from '../engine/random.ts';
import { languageNotServed, programHash, requireServed } from '../engine/requests.ts';
import { configOf, qsharpCompiler, withRandom } from './compiler.ts';
import { type EntryPoint, entryPointWith, hasEntryPoint, isAboutParameters } from './entry-point.ts';
import { callOf, parameterSchema } from './inputs.ts';
import { resultsIn } from './outcome.ts';

const PROFILE: DeviceProfile = {
  name: 'local/qsharp',
  version: '1',
  description:
    'Q# through the QDK (qsharp-lang 1.32.5-dev): every shot is simulated anew; resource estimates. The entry point returns results; its parameters are inputs.',
  qubits: 24,
  maximumShots: 10_000,
  languages: ['qsharp'],
  requests: ['counts', 'resources'],
  gates: 'any',
  refuses: {},
  noise: undefined,
};

/**
 * `local/qsharp`. The entry point returns a Result, or arrays and tuples of them; in reading order they are bits 0, 1, 2 ... of one
 * register `result`, so that `[One, Zero]` reads 01. Its parameters are the program's inputs. Runs until it is done: the sandbox stops it.
 */
export function qsharpDevice(): Device {
  return {
    profile: PROFILE,
    async validate(request) {
      const called = await prepare(await qsharpCompiler(), request);
      return called.ok ? [] : called.errors;
    },
    async run(request, options = {}) {
      const compiler = await qsharpCompiler();
      const called = await prepare(compiler, request);
      if (!called.ok) return called;
      if (request.kind === 'resources') return await estimate(compiler, request, called.expression);
      return await count(compiler, request as CountsRequest, called.expression, options);
    },
  };
}

type CountsRequest = Extract<DeviceRequest, { kind: 'counts' }>;

async function prepare(compiler: ICompiler, request: DeviceRequest): Promise<ReturnType<typeof callOf>> {
  const read = await readQsharp(compiler, sourceOf(request));
  return read.ok ? callOf(read.entryPoint, request.kind === 'expectation' ? {} : request.inputs) : read;
}

function sourceOf(request: DeviceRequest): string {
  requireServed(PROFILE, request);
  const { program } = request;
  if (program.language !== 'qsharp') throw languageNotServed(PROFILE, program.language);
  return program.source;
}

type Read =
  | { readonly ok: true; readonly entryPoint: EntryPoint | undefined }
  | { readonly ok: false; readonly errors: ProgramErrors };

/** A program that compiles, with its entry point where that has parameters. */
async function readQsharp(compiler: ICompiler, source: string): Promise<Read> {
  const errors = (await compiler.checkCode(source)).filter(({ severity }) => severity === 'error');
  const about = errors.find(isAboutParameters);
  const others = errors.filter((error) => !isAboutParameters(error));
  if (others.length > 0) return { ok: false, errors: others.map(diagnosticOf) };
  const entryPoint = about && (await entryPointWith(compiler, source, about));
  if (about && !entryPoint) return { ok: false, errors: [diagnosticOf(about)] };
  if (!about && !(await hasEntryPoint(compiler, source))) return { ok: false, errors: [NO_ENTRY_POINT] };
  return { ok: true, entryPoint };
}

const NO_ENTRY_POINT: Diagnostic = {
  line: 1,
  column: 1,
  length: 1,
  code: 'undeclared',
  message: 'the program has no entry point',
  expected: 'an operation Main, or one with the attribute @EntryPoint()',
};

/** JSON Schema of a program's inputs, or why it does not compile. */
export async function qsharpInputs(
  source: string,
): Promise<{ ok: true; inputs: JsonSchema } | { ok: false; errors: ProgramErrors }> {
  const read = await readQsharp(await qsharpCompiler(), source);
  return read.ok ? { ok: true, inputs: parameterSchema(read.entryPoint) } : read;
}

/** The compiler's parts, in our words. Its own code stays in the message. */
const CODES: readonly (readonly [RegExp, Diagnostic['code']])[] = [
  [/Resolve/, 'undeclared'],
  [/TypeCk|TypeError/, 'type'],
  [/Eval/, 'value'],
];

function diagnosticOf({ range, message, code }: VSDiagnostic): Diagnostic {
  const { start, end } = range;
  const length = start.line === end.line ? Math.max(1, end.character - start.character) : 1;
  const own = CODES.find(([pattern]) => pattern.test(String(code)))?.[1] ?? 'syntax';
  const text = code === undefined ? message : `${message} (${code})`;
  const expected = own === 'value' ? 'a program that runs to its end' : 'a Q# program that compiles';
  return { line: start.line + 1, column: start.character + 1, length, code: own, message: text, expected };
}

async function count(
  compiler: ICompiler,
  request: CountsRequest,
  expression: string,
  { onProgress }: RunOptions,
): Promise<DeviceAnswer> {
  const { shots, seed, program } = request;
  const target = new QscEventTarget(true);
  let done = 0;
  target.addEventListener('Result', () => onProgress?.(++done / shots));
  try {
    await withRandom(seededRandom(seed), () =>
      compiler.run(configOf(String(program.source)), expression, shots, target),
    );
  } catch (error) {
    if (error instanceof QdkDiagnostics)
      return { ok: false, errors: error.diagnostics.map(({ diagnostic }) => diagnosticOf(diagnostic)) };
    throw error;
  }
  const counted = tally(target.getResults());
  if (!counted.ok) return counted;
  const { name, version } = PROFILE;
  const result: CountsResult = {
    kind: 'counts',
    counts: counted.counts,
    ...(request.memory && { memory: counted.memory }),
    registers: [{ name: 'result', size: counted.size }],
    shots,
    device: { name, version },
    programHash: programHash(program),
    seed,
  };
  return { ok: true, result };
}

type ShotResult = ReturnType<QscEventTarget['getResults']>[number];
type Tally =
  | { ok: true; counts: Record<string, number>; memory: readonly string[]; size: number }
  | { ok: false; errors: ProgramErrors };

function tally(results: readonly ShotResult[]): Tally {
  const counts = new Map<string, number>();
  const memory: string[] = [];
  for (const { success, result } of results) {
    if (!success || typeof result !== 'string') {
      return { ok: false, errors: [typeof result === 'string' ? wrongReturn(result) : diagnosticOf(result)] };
    }
    const bits = resultsIn(result);
    if (bits === undefined) return { ok: false, errors: [wrongReturn(result)] };
    const key = bits.toReversed().join('');
    memory.push(key);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sizes = new Set([...counts.keys()].map((key) => key.length));
  if (sizes.size > 1) return { ok: false, errors: [wrongReturn(`${[...sizes].join(' or ')} results`)] };
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ok: true, counts: Object.fromEntries(sorted), memory, size: [...sizes][0] ?? 0 };
}

function wrongReturn(returned: string): Diagnostic {
  return {
    line: 1,
    column: 1,
    length: 1,
    code: 'type',
    message: `the entry point returned ${returned.slice(0, 100)}`,
    expected: 'a Result, or arrays and tuples of as many Results in every shot',
  };
}

async function estimate(
  compiler: ICompiler,
  { program }: DeviceRequest,
  expression: string,
): Promise<DeviceAnswer> {
  const text = await compiler.getEstimates(configOf(String(program.source)), expression, '[{}]');
  const { name, version } = PROFILE;
  const result = {
    kind: 'resources',
    device: { name, version },
    programHash: programHash(program),
    estimate: JSON.parse(text),
  } as const;
  return { ok: true, result };
}
