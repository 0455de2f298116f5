import { type Distribution, disagreement } from './agreement.ts';
import type { ConformanceCase } from './case.ts';

const SHOTS = 1000;

function caseOf(name: string, type: string, body: string, distribution: Distribution): ConformanceCase {
  const source = `operation Main() : ${type} {\n${body}\n}\n`;
  return {
    name: `qsharp/${name}`,
    request: { kind: 'counts', program: { language: 'qsharp', source }, shots: SHOTS, seed: 1 },
    judge: (answer) => disagreement(answer, distribution),
  };
}

/** Q# programs with exact distributions; bit 0 is the first result. */
export function qsharpCases(): ConformanceCase[] {
  return [
    caseOf('bell', 'Result[]', 'use q = Qubit[2]; H(q[0]); CNOT(q[0], q[1]); return MResetEachZ(q);', {
      '00': 0.5,
      '11': 0.5,
    }),
    caseOf('order', 'Result[]', 'use q = Qubit[3]; X(q[0]); return MResetEachZ(q);', { '001': 1 }),
    caseOf(
      'tuple',
      '(Result, Result)',
      'use (a, b) = (Qubit(), Qubit()); X(b); return (MResetZ(a), MResetZ(b));',
      {
        '10': 1,
      },
    ),
    caseOf('rotation', 'Result', 'use q = Qubit(); Ry(1.2, q); return MResetZ(q);', {
      '0': Math.cos(0.6) ** 2,
      '1': Math.sin(0.6) ** 2,
    }),
    caseOf(
      'teleport',
      'Result',
      `use (m, a, b) = (Qubit(), Qubit(), Qubit());
H(a); CNOT(a, b); Ry(0.8, m); CNOT(m, a); H(m);
if MResetZ(m) == One { Z(b); }
if MResetZ(a) == One { X(b); }
return MResetZ(b);`,
      { '0': Math.cos(0.4) ** 2, '1': Math.sin(0.4) ** 2 },
    ),
    {
      name: 'qsharp/undeclared',
      request: {
        kind: 'counts',
        program: { language: 'qsharp', source: 'operation Main() : Result {\n  return x;\n}\n' },
        shots: 1,
        seed: 1,
      },
      refusal: { line: 2 },
      judge: () => undefined,
    },
  ];
}
