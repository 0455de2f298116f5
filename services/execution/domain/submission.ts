import { z } from 'zod';

/** Of a source, in UTF-16 units; the database counts characters, which are never more. */
export const programMostLength = 1_000_000;
/** Of the inputs as JSON, in bytes: what a row takes. */
export const inputsMostBytes = 1_000_000;

const deviceName = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
export const deviceAddress = z
  .string()
  .max(201)
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*\/[a-z0-9]+([._-][a-z0-9]+)*$/)
  .describe('Platform and device: local/statevector.');
export const devicePart = z.string().max(100).regex(deviceName);

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

const programSchema = z
  .strictObject({
    language: z.enum(['openqasm', 'qsharp']),
    source: z
      .string()
      .max(1_400_000)
      .describe(
        `The program, at most ${programMostLength} characters; OpenQASM 2 and 3 say by themselves which they are.`,
      ),
    encoding: z
      .enum(['text', 'base64'])
      .default('text')
      .describe(
        'base64: the bytes of a file as they are, so that one that is no UTF-8 is refused with its line.',
      ),
  })
  .refine(({ source, encoding }) => encoding === 'text' || z.base64().safeParse(source).success, {
    path: ['source'],
    message: 'expected base64',
  })
  .meta({ id: 'Program' });
export type Program = z.output<typeof programSchema>;

const observables = z
  .array(z.string().min(1).max(10_000))
  .min(1)
  .max(1000)
  .describe('Sums of Pauli terms, "0.5*Z0 Z1 - X2"; qubits are numbered in the order of their declaration.');

/** What is asked of a device for a program: the same for a check and for a job. */
const question = {
  program: programSchema,
  request: z
    .strictObject({
      kind: z
        .enum(['counts', 'expectation', 'resources'])
        .describe(
          'How often each outcome comes, expectation values, or an estimate of what a real machine would need.',
        ),
      observables: observables.optional(),
    })
    .default({ kind: 'counts' }),
  shots: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(
      'How often the program runs: 1024 for counts when absent; expectation values are exact without.',
    ),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Same seed, program, inputs, shots and device version: same counts. Drawn when absent.'),
  inputs: z
    .record(z.string().min(1).max(1000), z.json())
    .optional()
    .describe("Values of the program's inputs by name; `POST /v1/programs/check` gives their schema."),
  memory: z.boolean().default(false).describe('Whether the outcome of every shot is wanted, in order.'),
};

type Question = {
  request: { kind: string; observables?: string[] | undefined };
  shots?: number | undefined;
  seed?: number | undefined;
  memory: boolean;
};

/** What doesn't go together. */
function together(
  { request, shots, seed, memory }: Question,
  context: z.core.$RefinementCtx<Question>,
): void {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { kind } = request;
  if (kind === 'expectation' && request.observables === undefined) {
    refuse(['request', 'observables'], 'expected the observables whose expectation values are asked for');
  }
  if (kind !== 'expectation' && request.observables !== undefined) {
    refuse(
      ['request', 'observables'],
      'expected none: only requests of the kind "expectation" have observables',
    );
  }
  if (kind !== 'counts' && memory) refuse(['memory'], 'expected false: only counts have a memory');
  if (kind === 'resources' && shots !== undefined)
    refuse(['shots'], 'expected none: an estimate runs nothing');
  if (kind === 'resources' && seed !== undefined) refuse(['seed'], 'expected none: an estimate runs nothing');
}

export const submissionSchema = z
  .strictObject({
    device: deviceAddress,
    ...question,
    name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What you call it; the first line of the program otherwise.'),
    priority: z
      .enum(priorities)
      .default('normal')
      .describe('Among your own jobs; high and urgent need a role.'),
    scheduledFor: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Not to be started before, at most 30 days ahead.'),
    maxRunSeconds: z.int().min(1).max(604_800).optional().describe('How long one attempt may run.'),
    maxAttempts: z
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe('How often it is tried when a device or a worker fails.'),
  })
  .superRefine(together)
  .meta({ id: 'JobSubmission' });
export type Submission = z.output<typeof submissionSchema>;

export const checkSchema = z
  .strictObject({
    device: deviceAddress.optional().describe('Judged by its limits too; absent: the language only.'),
    ...question,
  })
  .superRefine(together)
  .meta({ id: 'ProgramCheckRequest' });
export type CheckRequest = z.output<typeof checkSchema>;
