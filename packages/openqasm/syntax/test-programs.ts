import fc from 'fast-check';

/** What a random program may hold. */
export type ProgramOptions = {
  /** The most qubits; 4 unless told. */
  readonly qubits?: number;
  /** Clifford gates only. */
  readonly clifford?: boolean;
  /** Measurements within, resets and what depends on them. */
  readonly dynamic?: boolean;
  /** The most statements of the body; 12 unless told. */
  readonly statements?: number;
};

type GateShape = readonly [name: string, parameters: number, qubits: number];

const CLIFFORD: readonly GateShape[] = [
  ['x', 0, 1],
  ['y', 0, 1],
  ['z', 0, 1],
  ['h', 0, 1],
  ['s', 0, 1],
  ['sdg', 0, 1],
  ['cx', 0, 2],
  ['cz', 0, 2],
  ['swap', 0, 2],
];
const OTHERS: readonly GateShape[] = [
  ['t', 0, 1],
  ['tdg', 0, 1],
  ['rx', 1, 1],
  ['ry', 1, 1],
  ['rz', 1, 1],
  ['u3', 3, 1],
  ['crz', 1, 2],
  ['ccx', 0, 3],
  ['cswap', 0, 3],
];

/** Gates that both languages and `stdgates.inc` as well as `qelib1.inc` have. */
function gatesFor(options: ProgramOptions, qubits: number): readonly GateShape[] {
  const all = options.clifford ? CLIFFORD : [...CLIFFORD, ...OTHERS];
  return all.filter((gate) => gate[2] <= qubits);
}

const ANGLE = fc.constantFrom('pi', 'pi/2', '-pi/4', '3*pi/8', '0.3', '1e-1', '-(pi/3)', 'sin(0.5)*2');

function distinct(qubits: number, count: number): fc.Arbitrary<readonly number[]> {
  const all = Array.from({ length: qubits }, (_, index) => index);
  return fc.shuffledSubarray(all, { minLength: count, maxLength: count });
}

function gateCall(options: ProgramOptions, qubits: number): fc.Arbitrary<string> {
  return fc.constantFrom(...gatesFor(options, qubits)).chain(([name, parameters, count]) =>
    fc
      .tuple(fc.array(ANGLE, { minLength: parameters, maxLength: parameters }), distinct(qubits, count))
      .map(([angles, operands]) => {
        const list = angles.length > 0 ? `(${angles.join(',')})` : '';
        return `${name}${list} ${operands.map((index) => `q[${index}]`).join(', ')};`;
      }),
  );
}

function body(statement: fc.Arbitrary<string>, options: ProgramOptions): fc.Arbitrary<string> {
  return fc
    .array(statement, { minLength: 1, maxLength: options.statements ?? 12 })
    .map((list) => list.join('\n'));
}

/** Programs of OpenQASM 2 that are right in every way: one register `q`, one register `c`, measured at the end. */
export function validPrograms2(options: ProgramOptions = {}): fc.Arbitrary<string> {
  return fc.integer({ min: 1, max: options.qubits ?? 4 }).chain((qubits) => {
    const gate = gateCall(options, qubits);
    const index = fc.integer({ min: 0, max: qubits - 1 });
    const value = fc.integer({ min: 0, max: 2 ** qubits - 1 });
    const dynamic = [
      index.map((i) => `measure q[${i}] -> c[${i}];`),
      index.map((i) => `reset q[${i}];`),
      fc.tuple(value, gate).map(([v, text]) => `if (c == ${v}) ${text}`),
    ];
    const plain = [gate, gate, fc.constant('barrier q;'), index.map((i) => `flip q[${i}];`)];
    const statement = fc.oneof(...plain, ...(options.dynamic ? dynamic : []));
    const head = `OPENQASM 2.0;\ninclude "qelib1.inc";\ngate flip a { h a; z a; h a; }\nqreg q[${qubits}];\ncreg c[${qubits}];\n`;
    return body(statement, options).map((text) => `${head}${text}\nmeasure q -> c;\n`);
  });
}

/** Programs of OpenQASM 3 that are right in every way: one register `q`, one register `c`, measured at the end. */
export function validPrograms3(options: ProgramOptions = {}): fc.Arbitrary<string> {
  return fc.integer({ min: 1, max: options.qubits ?? 4 }).chain((qubits) => {
    const gate = gateCall(options, qubits);
    const index = fc.integer({ min: 0, max: qubits - 1 });
    const value = fc.integer({ min: 0, max: 2 ** qubits - 1 });
    const gates = fc.array(gate, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
    const single = fc.constantFrom('x', 'h', 's');
    const plain = [
      gate,
      gate,
      fc.constant('barrier q;'),
      index.map((i) => `flip q[${i}];`),
      fc.tuple(single, index).map(([name, i]) => `inv @ ${name} q[${i}];`),
      fc.tuple(single, index).map(([name, end]) => `for int i in [0:${end}] { ${name} q[i]; }`),
      fc.tuple(single, index).map(([name, i]) => `for uint i in {0, ${i}} { ${name} q[i]; }`),
      fc.tuple(index, gates).map(([i, text]) => `if (n > ${i}) { ${text} }`),
      single.map((name) => `${name} q;`),
    ];
    const dynamic = [
      index.map((i) => `c[${i}] = measure q[${i}];`),
      index.map((i) => `measure q[${i}] -> c[${i}];`),
      index.map((i) => `reset q[${i}];`),
      fc.tuple(value, gates).map(([v, text]) => `if (c == ${v}) { ${text} }`),
      fc.tuple(index, gates, gates).map(([i, a, b]) => `if (c[${i}]) { ${a} } else { ${b} }`),
      fc
        .tuple(value, gates, gates)
        .map(([v, a, b]) => `switch (int(c)) { case ${v} { ${a} } default { ${b} } }`),
      fc.tuple(index, gates).map(([i, text]) => `n = 0; while (n < 2 && c[${i}] == 0) { ${text} n += 1; }`),
    ];
    const statement = fc.oneof(...plain, ...(options.dynamic ? dynamic : []));
    const head = `OPENQASM 3.0;\ninclude "stdgates.inc";\ngate flip a { h a; z a; h a; }\nqubit[${qubits}] q;\nbit[${qubits}] c;\nint n = 1;\n`;
    return body(statement, options).map((text) => `${head}${text}\nc = measure q;\n`);
  });
}
