import { createHash } from 'node:crypto';
import { getDb } from '@quantum-hub/database';
import { type Actor, type ProblemDetail, problem } from '@quantum-hub/http';
import { hubError } from '@quantum-hub/kernel';
import { defaultShots, deviceRequest } from '../domain/device-request.ts';
import { type CheckRequest, inputsMostBytes, type Program, programMostLength } from '../domain/submission.ts';
import type { ProgramChecker, ProgramErrors, ProgramFacts, QuantumProgram } from '../ports/index.ts';
import { findDeviceByAddress } from '../queries/devices.ts';

/** Characters of a memory: 64 MiB of JSON and a worker's memory hold it. */
const memoryMostCharacters = 64 * 2 ** 20;

export type Checked = {
  readonly errors: ProgramErrors;
  readonly facts: ProgramFacts | undefined;
  readonly hash: string;
};

/** A program as it came, as its device gets it. */
export type Source = { readonly program: QuantumProgram; readonly bytes: Uint8Array };

export function readSource({ language, source, encoding }: Program): Source {
  const bytes = Buffer.from(source, encoding === 'base64' ? 'base64' : 'utf8');
  // Bytes go to OpenQASM as they are, which tells a wrong encoding with its line; Q# gets what they read as.
  const given = encoding === 'base64' ? bytes : source;
  const text = bytes.toString('utf8');
  if (text.length > programMostLength) {
    throw hubError('execution.program_too_large', { length: text.length, most: programMostLength });
  }
  return {
    bytes,
    program: language === 'openqasm' ? { language, source: given } : { language, source: text },
  };
}

/** SHA-256 of a program's bytes as they run, hexadecimal. */
export function programHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Judges a program as a submission would, without making a job. Inputs may be left out: then only the program itself is judged.
 * What is wrong with the program is the answer.
 * Throws `execution.device_not_found`, and what devices throw for requests that they do not serve.
 */
export async function checkProgram(
  { checker }: { readonly checker: ProgramChecker },
  actor: Actor,
  asked: CheckRequest,
): Promise<Checked> {
  const { program, bytes } = readSource(asked.program);
  requireInputsSize(asked.inputs);
  if (asked.device !== undefined) await requireDevice(actor, asked.device);
  const request = deviceRequest({ ...asked, ...asked.request, program, seed: asked.seed ?? 0 });
  const { errors, facts } = await checker.check(asked.device, request, { stats: true });
  // Without inputs a program that has some lacks all of them, which is not what was asked.
  const told = asked.inputs === undefined ? errors.filter(({ code }) => code !== 'input') : errors;
  return { errors: told, facts, hash: programHash(bytes) };
}

async function requireDevice({ userId }: Actor, address: string): Promise<void> {
  const scope = { as: 'execution', actor: userId, readOnly: true } as const;
  const device = await getDb((db) => findDeviceByAddress(db, address), scope);
  if (!device?.profile) throw hubError('execution.device_not_found', { device: address });
}

export function requireInputsSize(inputs: object | undefined): void {
  const bytes = Buffer.byteLength(JSON.stringify(inputs ?? {}));
  if (bytes > inputsMostBytes) {
    throw hubError('execution.inputs_too_large', { bytes, most: inputsMostBytes });
  }
}

/** Refuses a memory that no result could hold. */
export function requireMemorySize(
  facts: ProgramFacts,
  { memory, shots = defaultShots }: Pick<CheckRequest, 'memory' | 'shots'>,
): void {
  if (!memory) return;
  const width = (facts.registers ?? []).reduce((sum, { size }) => sum + size + 1, 2);
  const characters = width * shots;
  if (characters <= memoryMostCharacters) return;
  throw hubError('execution.memory_too_large', { shots, characters, most: memoryMostCharacters });
}

/** More than these nobody corrects at once; a garbage file has thousands. */
const mostErrors = 100;

/** The errors that are told; the last one says how many more there are, where there are too many. */
export function firstErrors(errors: ProgramErrors): ProgramErrors {
  const next = errors[mostErrors];
  if (next === undefined) return errors;
  const { suggestion: _, ...place } = next;
  const count = errors.length - mostErrors;
  const message = count === 1 ? '1 more error is not listed' : `${count} more errors are not listed`;
  return [...errors.slice(0, mostErrors), { ...place, message, expected: 'the ones before corrected first' }];
}

/** Languages give up after so many: then nobody knows how many there are. */
const mostCounted = 50;

/** The refusal of a submission: its errors with their places. */
export function programInvalid(errors: ProgramErrors, device?: string): Error {
  const details: ProblemDetail[] = firstErrors(errors).map(problemDetail);
  const count = errors.length >= mostCounted ? `at least ${mostCounted}` : errors.length;
  const told = errors.length === 1 ? '1 error' : `${count} errors`;
  return problem('execution.program_invalid', { errors: told, device }, { errors: details });
}

function problemDetail({
  line,
  column,
  length,
  code,
  message,
  expected,
  suggestion,
}: ProgramErrors[number]): ProblemDetail {
  const place = { path: code === 'input' ? '/body/inputs' : '/body/program/source', line, column, length };
  return { ...place, code, message, expected, ...(suggestion !== undefined && { suggestion }) };
}
