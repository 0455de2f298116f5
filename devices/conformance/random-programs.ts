import { type Random, seededRandom } from '../engine/random.ts';

const ANGLED = ['rx', 'ry', 'rz', 'p'];
const PLAIN = ['h', 'x', 'y', 'z', 's', 'sdg', 't', 'tdg', 'sx'];
const CLIFFORD = ['h', 'x', 'y', 'z', 's', 'sdg', 'sx'];

export type RandomOptions = {
  readonly qubits: number;
  readonly gates: number;
  /** Only gates that a stabilizer device runs. */
  readonly clifford: boolean;
};

function header({ qubits }: RandomOptions): string {
  return `OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[${qubits}] q;\nbit[${qubits}] c;\n`;
}

/** A random circuit and its inverse in reverse order: always back to the start, whatever the gates do. */
export function mirrorProgram(options: RandomOptions, seed: number): string {
  const random = seededRandom(seed);
  const gates = Array.from({ length: options.gates }, () => randomGate(options, random));
  const back = gates.toReversed().map((gate) => `inv @ ${gate}`);
  return `${header(options)}${[...gates, ...back].join('\n')}\nc = measure q;\n`;
}

/** Gates, measurements in between, resets, `if` on what was measured, and loops. */
export function dynamicProgram(options: RandomOptions, seed: number): string {
  const random = seededRandom(seed);
  const pick = (limit: number) => Math.floor(random.uniform() * limit);
  const qubit = () => pick(options.qubits);
  const statements = Array.from({ length: options.gates }, () => {
    const gate = randomGate(options, random);
    const bit = qubit();
    switch (pick(12)) {
      case 0:
        return `c[${bit}] = measure q[${qubit()}];`;
      case 1:
        return `reset q[${qubit()}];`;
      case 2:
        return `if (c[${bit}]) { ${gate} } else { ${randomGate(options, random)} }`;
      case 3:
        return `if (c == ${pick(2 ** options.qubits)}) { ${gate} c[${bit}] = measure q[${qubit()}]; }`;
      case 4:
        return `for int i in [0:${pick(3)}] { ${gate} }`;
      case 5:
        return `switch (int[32](c)) { case ${pick(3)} { ${gate} } case 3, 5 { reset q[${qubit()}]; } default { ${randomGate(options, random)} } }`;
      default:
        return gate;
    }
  });
  return `${header(options)}${statements.join('\n')}\nc = measure q;\n`;
}

function randomGate({ qubits, clifford }: RandomOptions, random: Random): string {
  const pick = (limit: number) => Math.floor(random.uniform() * limit);
  const first = pick(qubits);
  const second = (first + 1 + pick(Math.max(1, qubits - 1))) % qubits;
  const kind = pick(qubits > 2 ? 4 : qubits > 1 ? 3 : 2);
  const angle = (random.uniform() * 8 - 4).toFixed(6);
  const plain = (clifford ? CLIFFORD : PLAIN) as readonly string[];
  if (kind === 0) return `${plain[pick(plain.length)]} q[${first}];`;
  if (kind === 1) {
    const gate = clifford ? `rz(${pick(4)} * pi / 2)` : `${ANGLED[pick(ANGLED.length)]}(${angle})`;
    return `${gate} q[${first}];`;
  }
  if (kind === 2 || clifford) {
    const pair = clifford
      ? ['cx', 'cz', 'cy', 'swap']
      : ['cx', 'cz', 'swap', `cp(${angle})`, `crx(${angle})`, 'ch', 'negctrl @ y'];
    return qubits > 1 ? `${pair[pick(pair.length)]} q[${first}], q[${second}];` : `h q[${first}];`;
  }
  const third = [0, 1, 2].find((each) => each !== first && each !== second) as number;
  const triple = [
    'ccx',
    'cswap',
    `ctrl(2) @ ry(${angle})`,
    `ctrl @ negctrl @ p(${angle})`,
    'ctrl @ pow(0.5) @ cx',
  ];
  return `${triple[pick(triple.length)]} q[${first}], q[${second}], q[${third}];`;
}
