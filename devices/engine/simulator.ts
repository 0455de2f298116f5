import type {
  Device,
  DeviceAnswer,
  DeviceProfile,
  DeviceRequest,
  DeviceResult,
  ProgramErrors,
  RunOptions,
} from '@quantum-hub/execution/ports';
import {
  type CompiledProgram,
  compile,
  type Diagnostic,
  type Limits,
  ProgramError,
} from '@quantum-hub/openqasm';
import { type Simulation, simulateCounts } from './counts.ts';
import { simulateExpectation } from './expectation.ts';
import { shuffledOutcomes } from './memory.ts';
import { highestQubit } from './observable.ts';
import { Progress } from './progress.ts';
import { seededRandom } from './random.ts';
import { languageNotServed, programHash, requireServed } from './requests.ts';
import type { QuantumState } from './state.ts';

/** What makes one simulator differ from another. */
export type SimulatorParts = {
  readonly profile: DeviceProfile;
  readonly limits: Partial<Limits>;
  begin(qubits: number): QuantumState;
  /** How many states of so many qubits may be kept at forks. */
  copies(qubits: number): number;
  readonly noise?: Pick<Simulation, 'after' | 'misread'>;
  /** Where exact expectation values take another state and noise than shots do. */
  readonly exact?: { readonly qubits: number; begin(qubits: number): QuantumState } & Pick<
    Simulation,
    'after'
  >;
};

type Runnable = Exclude<DeviceRequest, { kind: 'resources' }>;
type Start = ReturnType<Extract<ReturnType<CompiledProgram['bind']>, { ok: true }>['start']>;

/** A device that pulls the operations of an OpenQASM program and applies them to a simulated state, in this process. */
export function simulator(parts: SimulatorParts): Device {
  return {
    profile: parts.profile,
    async validate(request) {
      const prepared = prepare(parts, request);
      return prepared.ok ? [] : prepared.errors;
    },
    async run(request, options = {}) {
      const prepared = prepare(parts, request);
      if (!prepared.ok) return prepared;
      return await runPrepared(parts, prepared, options);
    },
  };
}

type Prepared = {
  readonly ok: true;
  readonly request: Runnable;
  readonly program: CompiledProgram;
  readonly start: () => Start;
};

function prepare(
  parts: SimulatorParts,
  request: DeviceRequest,
): Prepared | { ok: false; errors: ProgramErrors } {
  requireServed(parts.profile, request);
  const runnable = request as Runnable;
  const { program: given, inputs } = runnable;
  if (given.language !== 'openqasm') throw languageNotServed(parts.profile, given.language);
  const compiled = compile(given.source, { limits: parts.limits, includes: given.includes });
  if (!compiled.ok) return compiled;
  const { program } = compiled;
  const errors = [
    ...refusals(parts.profile, program),
    ...widthErrors(parts, runnable, program),
    ...observableErrors(runnable, program),
  ];
  if (errors.length > 0) return { ok: false, errors };
  const bound = program.bind(inputs);
  if (!bound.ok) return bound;
  return { ok: true, request: runnable, program, start: () => bound.start(parts.limits) };
}

function refusals(profile: DeviceProfile, program: CompiledProgram): Diagnostic[] {
  const errors: Diagnostic[] = program.features().flatMap(({ feature, line, column, length }) => {
    const why = profile.refuses[feature];
    if (why === undefined) return [];
    const message = `${profile.name} does not run ${feature}: ${why}`;
    return [{ line, column, length, code: 'unsupported', message, expected: `a program without ${feature}` }];
  });
  return errors;
}

function widthErrors(
  { profile, exact }: SimulatorParts,
  request: Runnable,
  program: CompiledProgram,
): Diagnostic[] {
  const { qubitCount } = program.unit;
  const most = isExact(request) && exact ? exact.qubits : profile.qubits;
  if (qubitCount <= most) return [];
  const what = most < profile.qubits ? 'gives exact expectation values of up to' : 'has';
  return [tooWide(`${profile.name} ${what} ${most} qubits and the program needs ${qubitCount}`, most)];
}

/** The size of a program has no place of its own: it is told at its beginning. */
function tooWide(message: string, qubits: number): Diagnostic {
  return { line: 1, column: 1, length: 1, code: 'limit', message, expected: `at most ${qubits} qubits` };
}

function isExact(request: Runnable): boolean {
  return request.kind === 'expectation' && request.shots === undefined;
}

function observableErrors(request: Runnable, { unit }: CompiledProgram): Diagnostic[] {
  if (request.kind !== 'expectation') return [];
  return request.observables.flatMap((observable) => {
    const highest = highestQubit(observable);
    if (highest < unit.qubitCount) return [];
    const message = `the observable "${observable.text}" names qubit ${highest}, and the last one is ${unit.qubitCount - 1}`;
    const expected = `qubits from 0 to ${unit.qubitCount - 1}`;
    return [{ line: 1, column: 1, length: 1, code: 'index', message, expected }];
  });
}

/** How long the simulation may keep the process to itself: short enough for progress and a stop to feel prompt. */
const SLICE_MS = 25;

async function runPrepared(
  parts: SimulatorParts,
  { request, program, start }: Prepared,
  { signal, onProgress }: RunOptions,
): Promise<DeviceAnswer> {
  const random = seededRandom(request.seed);
  const { qubitCount, registers } = program.unit;
  const progress = new Progress(request.shots ?? 1);
  const exact = isExact(request) ? parts.exact : undefined;
  const simulation: Simulation = {
    begin: () => ({ run: start(), state: (exact ?? parts).begin(qubitCount) }),
    copies: parts.copies(qubitCount),
    registers: registers.map(({ name, size }) => ({ name, size })),
    random,
    onWay: (branch) => progress.follow(branch),
    onProgress: (done) => progress.finish(done),
    ...parts.noise,
    ...(exact && { after: exact.after }),
  };
  try {
    const work = resultOf(parts.profile, simulation, request);
    for (let sliceEnd = performance.now() + SLICE_MS; ; ) {
      const { done, value } = work.next();
      if (done) return { ok: true, result: value };
      if (performance.now() < sliceEnd) continue;
      onProgress?.(progress.share());
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
  } catch (error) {
    if (error instanceof ProgramError) return { ok: false, errors: [error.diagnostic] };
    throw error;
  }
}

function* resultOf(
  { name, version }: DeviceProfile,
  simulation: Simulation,
  request: Runnable,
): Generator<void, DeviceResult> {
  const { seed, program } = request;
  const provenance = { device: { name, version }, programHash: programHash(program), seed };
  if (request.kind === 'counts') {
    const counts = yield* simulateCounts(simulation, request.shots);
    // Drawn after the counts, so that asking for the memory changes none of them.
    const memory = request.memory ? { memory: shuffledOutcomes(counts, simulation.random) } : {};
    const { registers } = simulation;
    return { kind: 'counts', counts, ...memory, registers, shots: request.shots, ...provenance };
  }
  const values = yield* simulateExpectation(simulation, request.observables, request.shots);
  return { kind: 'expectation', values, shots: request.shots, ...provenance };
}
