import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Inputs, ResultRegister } from '@quantum-hub/execution/ports';
import { type Distribution, disagreement, marginalDisagreement } from './agreement.ts';
import type { Answered, ConformanceCase } from './case.ts';

type Expected =
  | { readonly valid: false; readonly line: number | null }
  | ({ readonly valid?: undefined; readonly registers: readonly ResultRegister[] } & (
      | { readonly distribution: Distribution }
      | { readonly cases: readonly { readonly inputs: Inputs; readonly distribution: Distribution }[] }
      | { readonly top64: Distribution; readonly marginals: Distribution }
    ));

const SHOTS = 4096;
const own = join(import.meta.dirname, 'corpus');

/** This project's own programs: every valid one with its exact distribution, every invalid one with its line. */
export function ownCorpus(): ConformanceCase[] {
  return [...casesIn(join(own, 'openqasm3'), 'openqasm3'), ...casesIn(join(own, 'invalid'), 'invalid')];
}

/**
 * QASMBench, which stays where it is: `QHUB_CORPUS`, by default beside the repository. Undefined where it is absent.
 */
export function qasmBench(): { folder: string; cases: ConformanceCase[] | undefined } {
  const folder = resolve(
    process.env.QHUB_CORPUS ?? join(import.meta.dirname, '../../../shared/corpus/qasmbench'),
  );
  return {
    folder,
    cases: existsSync(join(folder, 'expected.json')) ? casesIn(folder, 'qasmbench') : undefined,
  };
}

function casesIn(folder: string, group: string): ConformanceCase[] {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
    string,
    Expected
  >;
  return Object.entries(expected).flatMap(([file, entry]) => {
    const name = `${group}/${file.replace(/[.]qasm$/, '')}`;
    return casesOf(name, readFileSync(join(folder, file)), entry);
  });
}

function casesOf(name: string, source: Uint8Array, expected: Expected): ConformanceCase[] {
  const request = (inputs?: Inputs) =>
    ({
      kind: 'counts',
      program: { language: 'openqasm', source },
      inputs,
      shots: SHOTS,
      seed: 20_261_122,
    }) as const;
  if (expected.valid === false) {
    return [
      { name, request: request(), refusal: { line: expected.line ?? undefined }, judge: () => undefined },
    ];
  }
  const withRegisters = (judge: (answer: Answered) => string | undefined) => (answer: Answered) =>
    otherRegisters(answer.registers, expected.registers) ?? judge(answer);
  if ('cases' in expected) {
    return expected.cases.map(({ inputs, distribution }, index) => ({
      name: `${name}#${index + 1}`,
      request: request(inputs),
      judge: withRegisters((answer) => disagreement(answer, distribution)),
    }));
  }
  const judge =
    'distribution' in expected
      ? (answer: Answered) => disagreement(answer, expected.distribution)
      : (answer: Answered) => marginalDisagreement(answer, expected.marginals, expected.top64);
  return [{ name, request: request(), judge: withRegisters(judge) }];
}

function otherRegisters(
  got: readonly ResultRegister[],
  expected: readonly ResultRegister[],
): string | undefined {
  const text = (registers: readonly ResultRegister[]) =>
    registers.map(({ name, size }) => `${name}[${size}]`).join(' ');
  return text(got) === text(expected) ? undefined : `registers ${text(got)}, expected ${text(expected)}`;
}
