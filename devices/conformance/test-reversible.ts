import type { Device, DeviceProfile, DeviceRequest } from '@quantum-hub/execution/ports';
import { compile, type Gate, ProgramError, type Run } from '@quantum-hub/openqasm';
import { bitstrings } from '../engine/bitstring.ts';
import { languageNotServed, programHash, requireServed } from '../engine/requests.ts';

const profile: DeviceProfile = {
  name: 'example/reversible',
  version: '1',
  description: 'Reversible classical circuits: x with any controls, swap, measurements and control flow.',
  qubits: 5000,
  maximumShots: 1_000_000,
  languages: ['openqasm'],
  requests: ['counts'],
  gates: ['x', 'swap'],
  refuses: {},
  noise: undefined,
};

export function reversibleDevice(): Device {
  return {
    profile,
    async validate(request) {
      const ready = prepare(request);
      return ready.ok ? [] : ready.errors;
    },
    async run(request, { signal } = {}) {
      const ready = prepare(request);
      if (!ready.ok) return ready;
      const { run, registers, counts: asked } = ready;
      try {
        await follow(run, signal);
      } catch (error) {
        if (error instanceof ProgramError) return { ok: false, errors: [error.diagnostic] };
        throw error;
      }
      const text = bitstrings(registers);
      run.bits().forEach((bit, cell) => {
        text.set(cell, bit);
      });
      const { name, version } = profile;
      const { shots, seed, program } = asked;
      const origin = { device: { name, version }, programHash: programHash(program), seed };
      // Nothing is random here: every shot gives the same.
      return {
        ok: true,
        result: { kind: 'counts', counts: { [text.read()]: shots }, registers, shots, ...origin },
      };
    },
  };
}

function prepare(request: DeviceRequest) {
  requireServed(profile, request);
  if (request.kind !== 'counts' || request.program.language !== 'openqasm')
    throw languageNotServed(profile, request.program.language);
  const { source, includes } = request.program;
  const compiled = compile(source, { includes, limits: { qubits: profile.qubits } });
  if (!compiled.ok) return compiled;
  const bound = compiled.program.bind(request.inputs);
  if (!bound.ok) return bound;
  const registers = compiled.program.unit.registers.map(({ name, size }) => ({ name, size }));
  return { ok: true as const, run: bound.start(), registers, counts: request };
}

async function follow(run: Run, signal: AbortSignal | undefined): Promise<void> {
  const bits = new Map<number, 0 | 1>();
  const read = (qubit: number) => bits.get(qubit) ?? 0;
  let count = 0;
  for (let operation = run.next(); operation; operation = run.next()) {
    // Lets the process breathe, so that an abort can arrive.
    if (++count % 10_000 === 0) await new Promise(setImmediate);
    signal?.throwIfAborted();
    if (operation.kind === 'measure') run.resolve(operation.id, read(operation.qubit));
    else if (operation.kind === 'reset') bits.set(operation.qubit, 0);
    else if (operation.kind === 'gate') applyGate(operation, bits, read, run);
  }
}

function applyGate(
  { name, controls, polarity, targets }: Gate,
  bits: Map<number, 0 | 1>,
  read: (qubit: number) => 0 | 1,
  run: Run,
): void {
  const [first = 0, second = 0] = targets;
  if (name !== 'x' && name !== 'swap') {
    const message = `${name} makes superpositions or phases, which ${profile.name} does not have`;
    throw new ProgramError({ ...run.where(), code: 'unsupported', message, expected: 'x or swap' });
  }
  if (!controls.every((qubit, at) => read(qubit) === (polarity?.[at] ?? 1))) return;
  if (name === 'x') bits.set(first, read(first) === 1 ? 0 : 1);
  else {
    const before = read(first);
    bits.set(first, read(second));
    bits.set(second, before);
  }
}
