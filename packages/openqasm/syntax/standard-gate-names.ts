/** The gates of `stdgates.inc` (OpenQASM 3.1, "Standard library"). */
const STANDARD_GATES = new Set(
  (
    'p x y z h s sdg t tdg sx rx ry rz cx cy cz cp crx cry crz ch swap ccx cswap cu ' +
    'CX phase cphase id u1 u2 u3'
  ).split(' '),
);

export function isStandardGate(name: string): boolean {
  return STANDARD_GATES.has(name);
}
