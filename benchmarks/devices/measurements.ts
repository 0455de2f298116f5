import { join } from 'node:path';
import { countPasses } from '@quantum-hub/devices/count-passes';
import { inProcessDevice } from '@quantum-hub/devices/in-process';
import type { Device } from '@quantum-hub/execution/ports';
import { compile } from '@quantum-hub/openqasm';
import { type Contender, compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { quantile } from '../harness/statistics.ts';
import { importQasm, inProcess, qdk, quantumCircuit } from './peers.ts';
import { brickwork, clifford, flat, fourier } from './programs.ts';

export type DeviceSizes = {
  readonly plan: Plan;
  readonly bandwidthQubits: readonly number[];
  readonly sourceBytes: readonly number[];
  readonly cliffordQubits: readonly number[];
};

export const usual: DeviceSizes = {
  plan: { rounds: 5, roundMs: 50, concurrency: 1 },
  bandwidthQubits: [16, 20, 22, 24],
  sourceBytes: [1e3, 1e4, 1e5, 1e6, 1e7],
  cliffordQubits: [100, 1000, 5000],
};

export const quick: DeviceSizes = {
  plan: { rounds: 1, roundMs: 1, concurrency: 1 },
  bandwidthQubits: [10],
  sourceBytes: [1e3],
  cliffordQubits: [50],
};

const repository = join(import.meta.dirname, '../..');

async function device(name: string): Promise<Device> {
  return (await inProcessDevice(name)) as Device;
}

async function run(on: Device, source: string, shots: number): Promise<void> {
  const answer = await on.run({ kind: 'counts', program: { language: 'openqasm', source }, shots, seed: 1 });
  if (!answer.ok) throw new Error(JSON.stringify(answer.errors));
}

/**
 * (a) The state vector against copying from one array to another in the same run: as many bytes as one pass over the memory
 * for each gate would read and write. It goes over the memory less often than that; what it really moves is told beside it.
 */
export async function bandwidth({ plan, bandwidthQubits }: DeviceSizes): Promise<Comparison[]> {
  const statevector = await device('local/statevector');
  const comparisons: Comparison[] = [];
  for (const qubits of bandwidthQubits) {
    const { source, countedBytes } = brickwork(qubits, 2);
    const [from, to] = [new Float64Array(2 ** (qubits + 1)), new Float64Array(2 ** (qubits + 1))];
    const copies = Math.max(1, Math.round(countedBytes / (2 * from.byteLength)));
    const rows = await compare(
      [
        contender('copying as many bytes', async () => {
          for (let copy = 0; copy < copies; copy++) to.set(from);
        }),
        contender('state vector, 1 shot', () => run(statevector, source, 1)),
      ],
      plan,
    );
    const ratio = rows[1]?.ratio ?? 0;
    const what = 'of the memory bandwidth, counting one pass over the memory a gate';
    const aims = qubits >= 20 ? [{ what, value: ratio, atLeast: 0.5 }] : [];
    const notes = [movedNote(source, countedBytes, from.byteLength, ratio)];
    comparisons.push({
      title: `state vector of ${qubits} qubits against copying memory`,
      plan,
      rows,
      aims,
      notes,
    });
  }
  return comparisons;
}

/** The first write of every page and the sum of probabilities are passes too: a write, and a read. */
function movedNote(source: string, countedBytes: number, stateBytes: number, ratio: number): string {
  const passes = countPasses(source);
  const moved = (2 * passes + 2) * stateBytes;
  const share = (ratio * moved) / countedBytes;
  return (
    `one pass a gate would be ${gigabytes(countedBytes)} GB; really moved: ${gigabytes(moved)} GB ` +
    `(${passes} passes for all gates, one write, one read), ${share.toFixed(2)} of the memory bandwidth`
  );
}

const gigabytes = (bytes: number) => (bytes / 1e9).toPrecision(3);

const contender = (name: string, work: () => Promise<unknown>): Contender => ({ name, run: work });

/** (a) The same programs on the peers. */
export async function againstPeers({ plan }: DeviceSizes): Promise<Comparison[]> {
  const statevector = await device('local/statevector');
  const qsharp = await qdk();
  const comparisons: Comparison[] = [];
  for (const [qubits, shots] of [
    [4, 1],
    [4, 4096],
    [8, 4096],
    [14, 1],
  ] as const) {
    const source = fourier(qubits);
    const rows = await compare(
      [
        contender('local/statevector', () => run(statevector, source, shots)),
        contender('qsharp-lang 1.32.5-dev', () => qsharp(source, shots)),
        contender('quantum-circuit 0.9.250', () => quantumCircuit(source, shots)),
      ],
      { ...plan, rounds: Math.min(3, plan.rounds), roundMs: 5 },
    );
    const best = Math.max(...rows.slice(1).map(({ ratio }) => ratio));
    const aims = [{ what: 'speed of the best peer', value: best, atMost: 1 }];
    comparisons.push({ title: `Fourier transform of ${qubits} qubits, ${shots} shots`, plan, rows, aims });
  }
  return comparisons;
}

/**
 * Megabytes that are compiled in a second of the process's CPU time, its collector of garbage and compiler among it: what
 * other programs do on the machine moves it less than it moves the time on the clock. It still does (the other half of a core, a
 * virtual machine's stolen time), so speed is what a quarter of the rounds reach, as in `compare`.
 */
function compiledPerCpuSecond(source: string, { rounds, roundMs }: Plan): number {
  // Until the engine's own compiler has settled: 1 MB/s in the first 0.2 s of 1000 bytes, 11 after 0.6 s.
  compileFor(source, 20 * roundMs);
  const speeds = Array.from({ length: 2 * rounds }, () => compileFor(source, 2 * roundMs));
  return quantile(speeds, 0.75);
}

/** Compiles for that long; megabytes a second of CPU time. */
function compileFor(source: string, leastMs: number): number {
  const before = process.cpuUsage();
  let rounds = 0;
  let usedMs = 0;
  do {
    if (!compile(source).ok) throw new Error('it does not compile');
    rounds++;
    const { user, system } = process.cpuUsage(before);
    usedMs = (user + system) / 1000;
  } while (usedMs < leastMs);
  return (source.length * rounds) / (usedMs * 1000);
}

/** (b) From text to the program that runs; the importer of quantum-circuit up to 100 kB (it is quadratic). */
export async function frontEnd({ plan, sourceBytes }: DeviceSizes): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const speeds: number[] = [];
  for (const bytes of sourceBytes) {
    const source = flat(bytes);
    const contenders = [
      contender(`compile ${bytes} bytes`, async () => {
        if (!compile(source).ok) throw new Error('it does not compile');
      }),
    ];
    if (bytes <= 1e5) contenders.push(contender('quantum-circuit 0.9.250, import', () => importQasm(source)));
    const rows = await compare(contenders, { ...plan, roundMs: bytes > 1e6 ? 1 : plan.roundMs });
    const megabytes = compiledPerCpuSecond(source, plan);
    speeds.push(megabytes);
    const aims = [{ what: 'megabytes a second of CPU time', value: megabytes, atLeast: 5 }];
    if (bytes > 1e5)
      aims.push({
        what: 'speed against the size before (linear: 1)',
        value: megabytes / (speeds.at(-2) ?? 1),
        atLeast: 0.66,
      });
    comparisons.push({ title: `front end, ${bytes} bytes of OpenQASM 2`, plan, rows, aims });
  }
  return comparisons;
}

const CLIFFORD_GATES = 30_000;

/** (c) Gates a second of the tableau, reading the text included; the smallest size is what the others are compared with. */
export async function stabilizer({ plan, cliffordQubits }: DeviceSizes): Promise<Comparison[]> {
  const tableau = await device('local/stabilizer');
  const rows = await compare(
    cliffordQubits.map((qubits) => {
      const source = clifford(qubits, CLIFFORD_GATES);
      return contender(`${CLIFFORD_GATES} gates on ${qubits} qubits`, () => run(tableau, source, 1));
    }),
    { ...plan, rounds: Math.min(3, plan.rounds) },
  );
  const notes = rows.map(
    ({ perSecond }, at) =>
      `${cliffordQubits[at]} qubits: ${Math.round(perSecond * CLIFFORD_GATES)} gates a second`,
  );
  // No aim: no peer on npm has a tableau.
  return [{ title: `stabilizer tableau, ${CLIFFORD_GATES} gates a run`, plan, rows, aims: [], notes }];
}

/** (d) A fresh process that prints the result of a Bell program. */
export async function startUp({ plan }: DeviceSizes): Promise<Comparison[]> {
  const bell = join(repository, 'examples/bell.qasm');
  const rows = await compare(
    [
      contender('node -e 0', () => inProcess(process.execPath, ['-e', '0'])),
      contender('qhub simulate bell.qasm', () =>
        inProcess(process.execPath, [join(repository, 'apps/cli/qhub.js'), 'simulate', bell, '--json']),
      ),
      contender('qsharp-lang, the same program', () =>
        inProcess(process.execPath, [join(import.meta.dirname, 'qdk-bell.ts'), bell]),
      ),
    ],
    { ...plan, roundMs: 1 },
  );
  return [{ title: 'start-up: a fresh process to the first result', plan, rows, aims: [] }];
}
