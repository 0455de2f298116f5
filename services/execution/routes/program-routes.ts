import { type Route, route } from '@quantum-hub/http';
import { z } from 'zod';
import { type CheckRequest, checkSchema } from '../domain/submission.ts';
import type { ProgramChecker } from '../ports/index.ts';
import { type Checked, checkProgram, firstErrors } from '../use-cases/check-program.ts';
import { submitBytes } from './job-routes.ts';

const place = { line: z.int().min(1), column: z.int().min(1), length: z.int().min(0) };

const checkedSchema = z
  .object({
    valid: z.boolean(),
    hash: z.string().describe("SHA-256 of the program's bytes, hexadecimal."),
    errors: z
      .array(
        z.object({
          ...place,
          code: z.string(),
          message: z.string(),
          expected: z.string(),
          suggestion: z.string().optional(),
        }),
      )
      .describe('The first ones: of more than can be mended at once the last one says that there are more.'),
    program: z
      .object({
        language: z.enum(['openqasm2', 'openqasm3', 'qsharp']),
        inputs: z.record(z.string(), z.json()).describe('JSON Schema (2020-12) of the values of its inputs.'),
        qubits: z.int().optional(),
        registers: z.array(z.object({ name: z.string(), size: z.int() })).optional(),
        features: z
          .array(z.object({ feature: z.string(), ...place }))
          .optional()
          .describe('Each at its first place.'),
        stats: z
          .record(z.string(), z.json())
          .optional()
          .describe(
            'Gates by name, depth, T count and more; absent where they need inputs that were not given.',
          ),
      })
      .optional()
      .describe('Absent: it does not compile.'),
  })
  .meta({
    id: 'ProgramCheck',
    examples: [
      {
        valid: false,
        hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        errors: [
          {
            line: 3,
            column: 1,
            length: 1,
            code: 'unknown-gate',
            message: 'No gate h is defined.',
            expected: 'a gate of an included file or one that is defined before',
            suggestion: 'include "stdgates.inc";',
          },
        ],
      },
    ],
  });

function checkedJson({ errors, facts, hash }: Checked): z.output<typeof checkedSchema> {
  const told = firstErrors(errors).map(({ line, column, length, code, message, expected, suggestion }) => ({
    ...{ line, column, length, code, message, expected },
    ...(suggestion !== undefined && { suggestion }),
  }));
  return { valid: errors.length === 0, hash, errors: told, ...(facts && { program: factsJson(facts) }) };
}

function factsJson({ language, inputs, qubits, registers, features, stats }: NonNullable<Checked['facts']>) {
  return {
    language,
    inputs: inputs as Record<string, z.output<ReturnType<typeof z.json>>>,
    ...(qubits !== undefined && { qubits }),
    ...(registers && { registers: registers.map(({ name, size }) => ({ name, size })) }),
    ...(features && {
      features: features.map(({ feature, line, column, length }) => ({ feature, line, column, length })),
    }),
    ...(stats && { stats: { ...stats, lowerBounds: [...stats.lowerBounds] } }),
  };
}

export function programRoutes(deps: { readonly checker: ProgramChecker }): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/programs/check',
      name: 'checkProgram',
      summary: 'Judges a program as a submission would, without making a job.',
      description:
        'Gives every error with its place, the JSON Schema of its inputs, the features of the language that it uses and figures about its circuit. Without `inputs` only the program is judged; without `device` only the language.',
      tag: 'Programs',
      access: { scope: 'execution:read' },
      body: checkSchema,
      answers: { 200: checkedSchema },
      errors: [
        'execution.program_too_large',
        'execution.inputs_too_large',
        'execution.check_time_exceeded',
        'execution.device_not_found',
        'execution.shots_out_of_range',
        'execution.request_not_served',
        'execution.language_not_served',
        'execution.observable_invalid',
      ],
      maxBodyBytes: submitBytes,
      examples: {
        body: {
          device: 'local/statevector',
          program: { language: 'openqasm', source: 'OPENQASM 3.0;\nqubit q;\nh q;' },
        },
      },
      async handle({ actor, body }) {
        return checkedJson(await checkProgram(deps, actor, body as CheckRequest));
      },
    }),
  ];
}
