import { BASE_GATES, type BaseGate } from './base-gates.ts';

/** Which texts bring a gate into a program: the language itself, `qelib1.inc` as Qiskit has it, `stdgates.inc` of OpenQASM 3.1. */
type GateSource = 'builtin-2' | 'builtin-3' | 'qelib1' | 'stdgates';

export type StandardGate = {
  readonly name: string;
  /** Names of the angles, in radians. */
  readonly parameters: readonly string[];
  /** All qubits: the controls first. */
  readonly qubits: number;
  readonly sources: readonly GateSource[];
  /** Same gate under the name that is used most: `cx` for `CX`. */
  readonly aliasOf: string | undefined;
  /** Whether it maps Pauli operators to Pauli operators; undefined where the angles decide. */
  readonly clifford: boolean | undefined;
  readonly meaning: ControlledBase | Sequence;
};

/** The first `controls` qubits control `base`. `angles` makes its parameters from the gate's (undefined: as they are). */
export type ControlledBase = {
  readonly kind: 'base';
  readonly controls: number;
  readonly base: BaseGate;
  readonly angles: ((parameters: readonly number[]) => readonly number[]) | undefined;
};

/** Other standard gates one after another, as the include file defines them. */
type Sequence = {
  readonly kind: 'sequence';
  readonly parts: readonly {
    readonly gate: string;
    readonly parameters: readonly number[];
    readonly qubits: readonly number[];
  }[];
};

const BUILTIN_2: readonly GateSource[] = ['builtin-2'];
const BUILTIN_3: readonly GateSource[] = ['builtin-3'];
const BOTH: readonly GateSource[] = ['qelib1', 'stdgates'];
const ONLY_2: readonly GateSource[] = ['qelib1'];
const ONLY_3: readonly GateSource[] = ['stdgates'];

type Options = {
  controls?: number;
  alias?: string;
  parameters?: string;
  clifford?: boolean;
  angles?: ControlledBase['angles'];
};

function gate(
  name: string,
  sources: readonly GateSource[],
  base: string,
  options: Options = {},
): StandardGate {
  const found = BASE_GATES.get(base);
  if (found === undefined) throw new RangeError(`no base gate ${base}`);
  const controls = options.controls ?? 0;
  return {
    name,
    parameters: options.parameters?.split(' ') ?? [],
    qubits: controls + found.targets,
    sources,
    aliasOf: options.alias,
    clifford: options.clifford,
    meaning: { kind: 'base', controls, base: found, angles: options.angles },
  };
}

const EIGHTH = Math.PI / 4;
/** One word a step: `h2` a Hadamard (as u2(0, pi)) on qubit 2, `+2` and `-2` a turn p(+-pi/4), `1>2` a cx. */
function sequence(name: string, qubits: number, steps: string): StandardGate {
  const parts = steps.split(' ').map((step) => {
    const numbers = [...step].filter((letter) => letter >= '0' && letter <= '9').map(Number);
    if (step.startsWith('h')) return { gate: 'u2', parameters: [0, Math.PI], qubits: numbers };
    if (step.includes('>')) return { gate: 'cx', parameters: [], qubits: numbers };
    return { gate: 'p', parameters: [step.startsWith('-') ? -EIGHTH : EIGHTH], qubits: numbers };
  });
  return {
    name,
    parameters: [],
    qubits,
    sources: ONLY_2,
    aliasOf: undefined,
    clifford: false,
    meaning: { kind: 'sequence', parts },
  };
}

const yes = { clifford: true };
const no = { clifford: false };
const theta = { parameters: 'theta' };
const lambda = { parameters: 'lambda' };
const three = { parameters: 'theta phi lambda' };
const one = { controls: 1 };

const TABLE: readonly StandardGate[] = [
  gate('U', [...BUILTIN_2, ...BUILTIN_3], 'u', {
    ...three,
    alias: 'u',
    angles: ([theta = 0, phi = 0, lambda = 0]) => [theta, phi, lambda, theta / 2],
  }),
  gate('gphase', BUILTIN_3, 'gphase', { parameters: 'gamma', clifford: true }),
  gate('CX', ['builtin-2', 'stdgates'], 'x', { ...one, ...yes, alias: 'cx' }),
  gate('id', BOTH, 'id', yes),
  gate('u0', ONLY_2, 'id', { parameters: 'gamma', clifford: true, alias: 'id', angles: () => [] }),
  ...['x', 'y', 'z', 'h', 's', 'sdg', 'sx'].map((name) => gate(name, BOTH, name, yes)),
  gate('sxdg', ONLY_2, 'sxdg', yes),
  ...['t', 'tdg'].map((name) => gate(name, BOTH, name, no)),
  gate('p', BOTH, 'p', lambda),
  gate('u1', BOTH, 'p', { ...lambda, alias: 'p' }),
  gate('phase', ONLY_3, 'p', { ...lambda, alias: 'p' }),
  ...['rx', 'ry'].map((name) => gate(name, BOTH, name, theta)),
  gate('rz', BOTH, 'rz', lambda),
  gate('u', ONLY_2, 'u', three),
  gate('u2', BOTH, 'u2', { parameters: 'phi lambda' }),
  gate('u3', BOTH, 'u3', three),
  gate('cx', BOTH, 'x', { ...one, ...yes }),
  gate('cy', BOTH, 'y', { ...one, ...yes }),
  gate('cz', BOTH, 'z', { ...one, ...yes }),
  gate('ch', BOTH, 'h', { ...one, ...no }),
  gate('csx', ONLY_2, 'sx', { ...one, ...no }),
  gate('cp', BOTH, 'p', { ...one, ...lambda }),
  gate('cu1', ONLY_2, 'p', { ...one, ...lambda, alias: 'cp' }),
  gate('cphase', ONLY_3, 'p', { ...one, ...lambda, alias: 'cp' }),
  gate('crx', BOTH, 'rx', { ...one, ...theta }),
  gate('cry', BOTH, 'ry', { ...one, ...theta }),
  gate('crz', BOTH, 'rz', { ...one, ...theta }),
  gate('cu3', ONLY_2, 'u', { ...one, ...three }),
  gate('cu', BOTH, 'u', { ...one, parameters: 'theta phi lambda gamma' }),
  gate('swap', BOTH, 'swap', yes),
  gate('rxx', ONLY_2, 'rxx', theta),
  gate('rzz', ONLY_2, 'rzz', theta),
  gate('ccx', BOTH, 'x', { controls: 2, ...no }),
  gate('cswap', BOTH, 'swap', { ...one, ...no }),
  sequence('rccx', 3, 'h2 +2 1>2 -2 0>2 +2 1>2 -2 h2'),
  gate('c3x', ONLY_2, 'x', { controls: 3, ...no }),
  gate('c3sqrtx', ONLY_2, 'sx', { controls: 3, ...no }),
  sequence('rc3x', 4, 'h3 +3 2>3 -3 h3 0>3 +3 1>3 -3 0>3 +3 1>3 -3 h3 +3 2>3 -3 h3'),
  gate('c4x', ONLY_2, 'x', { controls: 4, ...no }),
];

/** Every standard gate by its name. */
export const STANDARD_GATES: ReadonlyMap<string, StandardGate> = new Map(
  TABLE.map((entry) => [entry.name, entry]),
);
