import { type HubError, hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type {
  CountsResult,
  DeviceAnswer,
  DeviceProfile,
  DeviceRequest,
  ExpectationResult,
} from '../ports/index.ts';

/** Outcomes and memory of one result together, in characters: beyond it a document is of no use to anybody. */
const MOST_CHARACTERS = 256 * 2 ** 20;

const text = z.string().max(1000);
const device = z.object({ name: z.string(), version: z.string() });
const provenance = { device, programHash: z.string(), seed: z.int().min(0) };
const register = z.object({ name: z.string().min(1), size: z.int().min(1) });
const count = z.int().min(1);

const answerSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(false),
    errors: z
      .array(
        z.object({
          line: z.int().min(1),
          column: z.int().min(1),
          length: z.int().min(0),
          code: text,
          message: z.string(),
          expected: z.string(),
          suggestion: z.string().optional(),
          file: z.string().optional(),
        }),
      )
      .min(1),
  }),
  z.object({
    ok: z.literal(true),
    result: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('counts'),
        ...provenance,
        counts: z.record(z.string(), count),
        memory: z.array(z.string()).optional(),
        registers: z.array(register),
        shots: count,
      }),
      z.object({
        kind: z.literal('expectation'),
        ...provenance,
        values: z.array(
          z.object({ observable: z.string(), value: z.number(), standardError: z.number().min(0) }),
        ),
        shots: count.optional(),
      }),
      z.object({ kind: z.literal('resources'), device, programHash: z.string(), estimate: z.json() }),
    ]),
  }),
]);

/**
 * The answer of a device, held against what was asked: what is no result of that request is never stored. Throws
 * `execution.device_answer_invalid` with the first thing that is wrong.
 *
 * @param programHash SHA-256 of the program as the hub has it, hexadecimal
 */
export function checkedAnswer(
  answer: unknown,
  request: DeviceRequest,
  profile: Pick<DeviceProfile, 'name' | 'version'>,
  programHash: string,
): DeviceAnswer {
  const wrong = (reason: string) =>
    hubError('execution.device_answer_invalid', { device: profile.name, reason });
  const read = answerSchema.safeParse(answer);
  if (!read.success) throw wrong(z.prettifyError(read.error).slice(0, 500));
  if (!read.data.ok) return read.data as DeviceAnswer;
  const result = read.data.result;
  const { kind } = result;
  if (kind !== request.kind)
    throw wrong(`the result is one of the kind ${kind}, and ${request.kind} was asked for`);
  if (result.device.name !== profile.name || result.device.version !== profile.version) {
    throw wrong(`the result says that it comes from ${result.device.name} ${result.device.version}`);
  }
  if (result.programHash !== programHash) throw wrong('the result is that of another program');
  if (result.kind === 'resources' || request.kind === 'resources') return read.data as DeviceAnswer;
  if (result.seed !== request.seed) throw wrong(`the seed is ${result.seed} in place of ${request.seed}`);
  if (result.kind === 'counts') checkCounts(result as CountsResult, request as CountsRequest, wrong);
  else checkValues(result as ExpectationResult, request as ExpectationRequest, wrong);
  return read.data as DeviceAnswer;
}

type CountsRequest = Extract<DeviceRequest, { kind: 'counts' }>;
type ExpectationRequest = Extract<DeviceRequest, { kind: 'expectation' }>;
type Wrong = (reason: string) => HubError;

function checkCounts(result: CountsResult, request: CountsRequest, wrong: Wrong): void {
  const { counts, memory, registers, shots } = result;
  const names = registers.map(({ name }) => name);
  if (new Set(names).size < names.length) throw wrong('a register is named twice');
  const width = registers.reduce((sum, { size }) => sum + size + 1, 0);
  if (width * (Object.keys(counts).length + (memory?.length ?? 0)) > MOST_CHARACTERS) {
    throw wrong(`the outcomes are longer than ${MOST_CHARACTERS} characters together; ask for fewer shots`);
  }
  // Widths beyond what a pattern may repeat are compared by length; the last declared register is left-most.
  const sizes = registers.map(({ size }) => size).reverse();
  const isOutcome = (outcome: string) => {
    const parts = outcome === '' && sizes.length === 0 ? [] : outcome.split(' ');
    return (
      parts.length === sizes.length &&
      parts.every((part, at) => part.length === sizes[at] && /^[01]*$/.test(part))
    );
  };
  let sum = 0;
  for (const [outcome, seen] of Object.entries(counts)) {
    if (!isOutcome(outcome)) throw wrong(`"${outcome.slice(0, 100)}" is no outcome of ${namesOf(registers)}`);
    sum += seen;
  }
  if (sum !== shots) throw wrong(`the counts are ${sum} together, and ${shots} shots were run`);
  if (shots > request.shots) throw wrong(`${shots} shots were run, and ${request.shots} were asked for`);
  if ((memory !== undefined) !== (request.memory === true)) {
    throw wrong(memory ? 'it holds a memory that nobody asked for' : 'the memory is missing');
  }
  if (memory) checkMemory(memory, result, wrong);
}

function namesOf(registers: CountsResult['registers']): string {
  const all = registers.map(({ name, size }) => `${name}[${size}]`).join(' ');
  return all === '' ? 'a program without registers' : `the registers ${all.slice(0, 200)}`;
}

function checkMemory(memory: readonly string[], { counts, shots }: CountsResult, wrong: Wrong): void {
  const seen = new Map<string, number>();
  for (const outcome of memory) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  const agrees = [...seen].every(([outcome, count]) => counts[outcome] === count);
  if (memory.length !== shots || !agrees) throw wrong('the memory does not agree with the counts');
}

function checkValues(result: ExpectationResult, request: ExpectationRequest, wrong: Wrong): void {
  const asked = request.observables.map(({ text }) => text);
  const given = result.values.map(({ observable }) => observable);
  if (asked.length !== given.length || asked.some((text, at) => text !== given[at])) {
    throw wrong('the values are not those of the observables that were asked for');
  }
  if (result.shots !== request.shots) {
    throw wrong(`${result.shots ?? 'no'} shots were run, and ${request.shots ?? 'none'} were asked for`);
  }
}
