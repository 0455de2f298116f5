import { type Distribution, disagreement } from './agreement.ts';
import type { ConformanceCase } from './case.ts';

const HEADER = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const SHOTS = 4096;

/** Programs whose distribution is known in closed form, at a size where no oracle could be computed by brute force, and small. */
export function closedForms(qubits: number): ConformanceCase[] {
  return [ghz(qubits), bernsteinVazirani(qubits), fourierAndBack(qubits), wState(qubits), adder(qubits)];
}

function caseOf(name: string, body: string, distribution: Distribution, seed = 1): ConformanceCase {
  return {
    name,
    request: { kind: 'counts', program: { language: 'openqasm', source: HEADER + body }, shots: SHOTS, seed },
    judge: (answer) => disagreement(answer, distribution),
  };
}

function ghz(n: number): ConformanceCase {
  const body = `qubit[${n}] q; bit[${n}] c;\nh q[0];\nfor int i in [1:${n - 1}] { cx q[i - 1], q[i]; }\nc = measure q;\n`;
  return caseOf(`closed-form/ghz-${n}`, body, { ['0'.repeat(n)]: 0.5, ['1'.repeat(n)]: 0.5 });
}

/** The hidden string, one bit a qubit, found in one question. */
function bernsteinVazirani(n: number): ConformanceCase {
  const hidden = Array.from({ length: n - 1 }, (_, bit) => ((bit * bit + 3 * bit) % 7 < 3 ? '1' : '0')).join(
    '',
  );
  const oracle = [...hidden]
    .reverse()
    .flatMap((bit, qubit) => (bit === '1' ? [`cx q[${qubit}], q[${n - 1}];`] : []))
    .join(' ');
  const body = `qubit[${n}] q; bit[${n - 1}] c;\nx q[${n - 1}]; h q;\n${oracle}\nh q;\nc = measure q[0:${n - 2}];\n`;
  return caseOf(`closed-form/bernstein-vazirani-${n}`, body, { [hidden]: 1 });
}

/** A number, transformed and transformed back by `inv @`: certain, and wrong if one angle of n^2/2 is. */
function fourierAndBack(n: number): ConformanceCase {
  const value = Array.from({ length: n }, (_, bit) => ((bit * 5 + 1) % 3 === 0 ? '1' : '0')).join('');
  const flips = [...value]
    .reverse()
    .flatMap((bit, qubit) => (bit === '1' ? [`x q[${qubit}];`] : []))
    .join(' ');
  const steps = (inverse: boolean) => {
    const gates: string[] = [];
    for (let i = n - 1; i >= 0; i--) {
      gates.push(`h q[${i}];`);
      for (let j = i - 1; j >= 0; j--) gates.push(`cp(pi / 2 ** ${i - j}) q[${j}], q[${i}];`);
    }
    return (inverse ? gates.reverse().map((gate) => `inv @ ${gate}`) : gates).join('\n');
  };
  const body = `qubit[${n}] q; bit[${n}] c;\n${flips}\n${steps(false)}\n${steps(true)}\nc = measure q;\n`;
  return caseOf(`closed-form/fourier-and-back-${n}`, body, { [value]: 1 });
}

/** One excitation shared evenly among n qubits. */
function wState(n: number): ConformanceCase {
  const steps = Array.from({ length: n - 1 }, (_, i) => {
    const angle = 2 * Math.acos(Math.sqrt(1 / (n - i)));
    return `ctrl @ ry(${angle}) q[${i}], q[${i + 1}]; cx q[${i + 1}], q[${i}];`;
  });
  const body = `qubit[${n}] q; bit[${n}] c;\nx q[0];\n${steps.join('\n')}\nc = measure q;\n`;
  const outcomes = Array.from({ length: n }, (_, i) => `${'0'.repeat(n - 1 - i)}1${'0'.repeat(i)}`);
  return caseOf(`closed-form/w-${n}`, body, Object.fromEntries(outcomes.map((outcome) => [outcome, 1 / n])));
}

/** Cuccaro's ripple-carry adder (arXiv:quant-ph/0410184) on two numbers of (n - 2) / 2 bits. */
function adder(n: number): ConformanceCase {
  const width = Math.max(1, Math.floor((n - 2) / 2));
  const a = Math.floor((2 ** width * 5) / 7);
  const b = Math.floor((2 ** width * 3) / 4);
  const set = (register: string, value: number) =>
    Array.from({ length: width }, (_, bit) =>
      Math.floor(value / 2 ** bit) % 2 ? `x ${register}[${bit}];` : '',
    ).join(' ');
  const chain = Array.from(
    { length: width },
    (_, i) => `${i === 0 ? 'carry' : `a[${i - 1}]`}, b[${i}], a[${i}]`,
  );
  const body = `gate maj c, b, a { cx a, b; cx a, c; ccx c, b, a; }
gate uma c, b, a { ccx c, b, a; cx a, c; cx c, b; }
qubit carry; qubit[${width}] a; qubit[${width}] b; qubit over; bit[${width + 1}] sum;
${set('a', a)} ${set('b', b)}
${chain.map((qubits) => `maj ${qubits};`).join(' ')}
cx a[${width - 1}], over;
${chain
  .reverse()
  .map((qubits) => `uma ${qubits};`)
  .join(' ')}
sum[0:${width - 1}] = measure b;
sum[${width}] = measure over;
`;
  return caseOf(`closed-form/adder-${2 * width + 2}`, body, {
    [(a + b).toString(2).padStart(width + 1, '0')]: 1,
  });
}
