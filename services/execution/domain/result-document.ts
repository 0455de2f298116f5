import { z } from 'zod';
import type { DeviceResult } from '../ports/index.ts';

/**
 * The result of a job as it is stored and handed out, format version 1. It says by itself how it is to be read, so that a file that left the
 * hub years ago still can be. Readers ignore members they don't know: version 1 may gain members, and never loses or changes one.
 */

const instant = z.iso.datetime();
const register = z.object({
  name: z.string().describe('As the program declares it.'),
  size: z.int().min(1).describe('How many bits it has.'),
});
const bits = z.string().regex(/^([01]+( [01]+)*)?$/);

/** What every result says of how it is to be read. */
const conventions = z.object({
  bitZero: z
    .literal('right')
    .describe(
      'Where bit 0 of a register stands in a bitstring; so qubit 0, measured into it, is right-most.',
    ),
  lastRegister: z.literal('left').describe('Where the register stands that the program declares last.'),
  registerSeparator: z.literal(' ').describe('What stands between two registers.'),
  unsetBit: z.literal('0').describe('What a bit reads that nothing sets.'),
  qubitNumbers: z
    .literal('declaration')
    .describe('In observables, qubits are numbered in the order of their declaration.'),
});
const CONVENTIONS: z.output<typeof conventions> = {
  bitZero: 'right',
  lastRegister: 'left',
  registerSeparator: ' ',
  unsetBit: '0',
  qubitNumbers: 'declaration',
};

const shots = z.object({
  asked: z.int().min(1).nullable().describe('null: exact values were asked for, nothing was sampled.'),
  returned: z.int().min(1).nullable().describe('Those that the device really ran.'),
});

const origin = {
  format: z.literal('quantum-hub/job-result'),
  formatVersion: z.literal(1),
  job: z.object({
    id: z.uuid(),
    name: z.string(),
    attempt: z.int().min(1).describe('The start of the job that gave this result, from 1.'),
  }),
  program: z.object({
    language: z.enum(['openqasm2', 'openqasm3', 'qsharp']),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("SHA-256 of the program's bytes as they ran, hexadecimal."),
    inputs: z.record(z.string(), z.json()).describe("Values of the program's inputs by name."),
  }),
  device: z.object({
    name: z.string().describe('Platform and device: local/statevector.'),
    version: z.string().describe('Same version, program, inputs, shots and seed: same counts.'),
    snapshot: z
      .record(z.string(), z.json())
      .describe('What the hub knew of the device when the attempt began.'),
  }),
  conventions,
  times: z.object({
    queuedAt: instant.nullable(),
    startedAt: instant,
    finishedAt: instant,
    deviceMs: z.number().min(0).describe('Time on the device in milliseconds.'),
  }),
};

const countsDocument = z.object({
  ...origin,
  kind: z.literal('counts'),
  seed: z.int().min(0).describe('Same seed, program, inputs, shots and device version: same counts.'),
  shots,
  registers: z.array(register).describe('In the order of their declaration.'),
  counts: z.record(bits, z.int().min(1)).describe('How often each outcome was seen.'),
  memory: z
    .array(bits)
    .optional()
    .describe('The outcome of every shot in its order, where it was asked for.'),
});
const expectationDocument = z.object({
  ...origin,
  kind: z.literal('expectation'),
  seed: z.int().min(0),
  shots,
  values: z.array(
    z.object({
      observable: z.string().describe('As it was asked for: 0.5*Z0 Z1 - X2.'),
      value: z.number(),
      standardError: z.number().min(0).describe('Of the mean; 0 for exact values.'),
    }),
  ),
});
const resourcesDocument = z.object({
  ...origin,
  kind: z.literal('resources'),
  estimate: z.json().describe('As the estimator wrote it: logical counts, physical qubits, run time.'),
});

function example() {
  return {
    format: 'quantum-hub/job-result',
    formatVersion: 1,
    job: { id: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11', name: 'Bell pair', attempt: 1 },
    program: { language: 'openqasm3', sha256: 'ab'.repeat(32), inputs: {} },
    device: { name: 'local/statevector', version: '1', snapshot: { status: 'online' } },
    conventions: CONVENTIONS,
    times: {
      queuedAt: '2026-11-23T10:00:00.000Z',
      startedAt: '2026-11-23T10:00:00.100Z',
      finishedAt: '2026-11-23T10:00:00.400Z',
      deviceMs: 280.5,
    },
    kind: 'counts',
    seed: 7,
    shots: { asked: 1024, returned: 1024 },
    registers: [{ name: 'c', size: 2 }],
    counts: { '00': 509, 11: 515 },
  };
}

export const resultDocument = z
  .discriminatedUnion('kind', [countsDocument, expectationDocument, resourcesDocument])
  .meta({ id: 'JobResult', title: 'Result of a job, format version 1', examples: [example()] });
export type ResultDocument = z.output<typeof resultDocument>;

/** The published JSON Schema (2020-12), open for members that version 1 gains later. */
export function resultDocumentSchema(): object {
  return z.toJSONSchema(resultDocument, { io: 'input', target: 'draft-2020-12' });
}

/** What a run left beside the device's answer. */
export type FinishedRun = {
  readonly job: {
    readonly id: string;
    readonly name: string;
    readonly language: ResultDocument['program']['language'];
    readonly inputs: Readonly<Record<string, unknown>>;
    /** null: exact values, or an estimate. */
    readonly shots: number | null;
    readonly queuedAt: Date | null;
  };
  readonly attempt: number;
  /** The device as it stands in the attempt. */
  readonly snapshot: Readonly<Record<string, unknown>>;
  readonly result: DeviceResult;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly deviceMs: number;
};

type Json = z.output<ReturnType<typeof z.json>>;
type JsonMembers = Record<string, Json>;

export function makeResultDocument(run: FinishedRun): ResultDocument {
  const { job, result } = run;
  const { programHash: sha256 } = result;
  const common = {
    format: 'quantum-hub/job-result' as const,
    formatVersion: 1 as const,
    job: { id: job.id, name: job.name, attempt: run.attempt },
    program: { language: job.language, sha256, inputs: job.inputs as JsonMembers },
    device: { ...result.device, snapshot: run.snapshot as JsonMembers },
    conventions: CONVENTIONS,
    times: {
      queuedAt: job.queuedAt?.toISOString() ?? null,
      startedAt: run.startedAt.toISOString(),
      finishedAt: run.finishedAt.toISOString(),
      deviceMs: run.deviceMs,
    },
  };
  switch (result.kind) {
    case 'counts': {
      const { counts, memory, registers, seed } = result;
      const asked = { asked: job.shots, returned: result.shots };
      const measured = { shots: asked, registers: [...registers], counts: { ...counts } };
      return { ...common, kind: 'counts', seed, ...measured, ...(memory && { memory: [...memory] }) };
    }
    case 'expectation': {
      const values = result.values.map((value) => ({ ...value }));
      const asked = { asked: job.shots, returned: result.shots ?? null };
      return { ...common, kind: 'expectation', seed: result.seed, shots: asked, values };
    }
    case 'resources':
      return { ...common, kind: 'resources', estimate: result.estimate as Json };
  }
}
