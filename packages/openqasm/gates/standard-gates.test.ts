import assert from 'node:assert/strict';
import test from 'node:test';
import { adjoint, identity, multiply } from './matrix.ts';
import { STANDARD_GATES } from './standard-gates.ts';
import { aligned, assertNear, unitaryOfProgram } from './test-unitary.ts';

const ANGLES = [0.7, -1.3, 2.1, 0.4];

/** qelib1.inc (Qiskit's), each gate down to U and CX; `o_` before every name, so that none of ours is used. */
const QELIB1 = `
gate o_u3(theta,phi,lambda) q { U(theta,phi,lambda) q; }
gate o_u2(phi,lambda) q { U(pi/2,phi,lambda) q; }
gate o_u1(lambda) q { U(0,0,lambda) q; }
gate o_cx c,t { CX c,t; }
gate o_id a { U(0,0,0) a; }
gate o_u0(gamma) q { U(0,0,0) q; }
gate o_u(theta,phi,lambda) q { U(theta,phi,lambda) q; }
gate o_p(lambda) q { U(0,0,lambda) q; }
gate o_x a { o_u3(pi,0,pi) a; }
gate o_y a { o_u3(pi,pi/2,pi/2) a; }
gate o_z a { o_u1(pi) a; }
gate o_h a { o_u2(0,pi) a; }
gate o_s a { o_u1(pi/2) a; }
gate o_sdg a { o_u1(-pi/2) a; }
gate o_t a { o_u1(pi/4) a; }
gate o_tdg a { o_u1(-pi/4) a; }
gate o_rx(theta) a { o_u3(theta,-pi/2,pi/2) a; }
gate o_ry(theta) a { o_u3(theta,0,0) a; }
gate o_rz(phi) a { o_u1(phi) a; }
gate o_sx a { o_sdg a; o_h a; o_sdg a; }
gate o_sxdg a { o_s a; o_h a; o_s a; }
gate o_cz a,b { o_h b; o_cx a,b; o_h b; }
gate o_cy a,b { o_sdg b; o_cx a,b; o_s b; }
gate o_swap a,b { o_cx a,b; o_cx b,a; o_cx a,b; }
gate o_ch a,b { o_h b; o_sdg b; o_cx a,b; o_h b; o_t b; o_cx a,b; o_t b; o_h b; o_s b; o_x b; o_s a; }
gate o_ccx a,b,c { o_h c; o_cx b,c; o_tdg c; o_cx a,c; o_t c; o_cx b,c; o_tdg c; o_cx a,c; o_t b; o_t c; o_h c;
  o_cx a,b; o_t a; o_tdg b; o_cx a,b; }
gate o_cswap a,b,c { o_cx c,b; o_ccx a,b,c; o_cx c,b; }
gate o_crx(lambda) a,b { o_u1(pi/2) b; o_cx a,b; o_u3(-lambda/2,0,0) b; o_cx a,b; o_u3(lambda/2,-pi/2,0) b; }
gate o_cry(lambda) a,b { o_ry(lambda/2) b; o_cx a,b; o_ry(-lambda/2) b; o_cx a,b; }
gate o_crz(lambda) a,b { o_rz(lambda/2) b; o_cx a,b; o_rz(-lambda/2) b; o_cx a,b; }
gate o_cu1(lambda) a,b { o_u1(lambda/2) a; o_cx a,b; o_u1(-lambda/2) b; o_cx a,b; o_u1(lambda/2) b; }
gate o_cp(lambda) a,b { o_p(lambda/2) a; o_cx a,b; o_p(-lambda/2) b; o_cx a,b; o_p(lambda/2) b; }
gate o_cu3(theta,phi,lambda) c,t { o_u1((lambda+phi)/2) c; o_u1((lambda-phi)/2) t; o_cx c,t;
  o_u3(-theta/2,0,-(phi+lambda)/2) t; o_cx c,t; o_u3(theta/2,phi,0) t; }
gate o_csx c,t { o_h t; o_cu1(pi/2) c,t; o_h t; }
gate o_cu(theta,phi,lambda,gamma) c,t { o_p(gamma) c; o_p((lambda+phi)/2) c; o_p((lambda-phi)/2) t; o_cx c,t;
  o_u(-theta/2,0,-(phi+lambda)/2) t; o_cx c,t; o_u(theta/2,phi,0) t; }
gate o_rxx(theta) a,b { o_h a; o_h b; o_cx a,b; o_u1(theta) b; o_cx a,b; o_h b; o_h a; }
gate o_rzz(theta) a,b { o_cx a,b; o_u1(theta) b; o_cx a,b; }
gate o_rccx a,b,c { o_u2(0,pi) c; o_u1(pi/4) c; o_cx b,c; o_u1(-pi/4) c; o_cx a,c; o_u1(pi/4) c; o_cx b,c;
  o_u1(-pi/4) c; o_u2(0,pi) c; }
gate o_rc3x a,b,c,d { o_u2(0,pi) d; o_u1(pi/4) d; o_cx c,d; o_u1(-pi/4) d; o_u2(0,pi) d; o_cx a,d; o_u1(pi/4) d;
  o_cx b,d; o_u1(-pi/4) d; o_cx a,d; o_u1(pi/4) d; o_cx b,d; o_u1(-pi/4) d; o_u2(0,pi) d; o_u1(pi/4) d; o_cx c,d;
  o_u1(-pi/4) d; o_u2(0,pi) d; }
gate o_c3x a,b,c,d { o_h d; o_p(pi/8) a; o_p(pi/8) b; o_p(pi/8) c; o_p(pi/8) d; o_cx a,b; o_p(-pi/8) b; o_cx a,b;
  o_cx b,c; o_p(-pi/8) c; o_cx a,c; o_p(pi/8) c; o_cx b,c; o_p(-pi/8) c; o_cx a,c; o_cx c,d; o_p(-pi/8) d; o_cx b,d;
  o_p(pi/8) d; o_cx c,d; o_p(-pi/8) d; o_cx a,d; o_p(pi/8) d; o_cx c,d; o_p(-pi/8) d; o_cx b,d; o_p(pi/8) d;
  o_cx c,d; o_p(-pi/8) d; o_cx a,d; o_h d; }
gate o_c3sqrtx a,b,c,d { o_h d; o_cu1(pi/8) a,d; o_h d; o_cx a,b; o_h d; o_cu1(-pi/8) b,d; o_h d; o_cx a,b;
  o_h d; o_cu1(pi/8) b,d; o_h d; o_cx b,c; o_h d; o_cu1(-pi/8) c,d; o_h d; o_cx a,c; o_h d; o_cu1(pi/8) c,d; o_h d;
  o_cx b,c; o_h d; o_cu1(-pi/8) c,d; o_h d; o_cx a,c; o_h d; o_cu1(pi/8) c,d; o_h d; }
gate o_c4x a,b,c,d,e { o_h e; o_cu1(pi/2) d,e; o_h e; o_c3x a,b,c,d; o_h e; o_cu1(-pi/2) d,e; o_h e; o_c3x a,b,c,d;
  o_c3sqrtx a,b,c,e; }
`;

/** stdgates.inc of OpenQASM 3.1, phases and all. \`U\` and \`gphase\` are the language's own. */
const STDGATES = `
gate o_p(λ) a { ctrl @ gphase(λ) a; }
gate o_x a { U(π, 0, π) a; gphase(-π/2); }
gate o_y a { U(π, π/2, π/2) a; gphase(-π/2); }
gate o_z a { o_p(π) a; }
gate o_h a { U(π/2, 0, π) a; gphase(-π/4); }
gate o_s a { pow(1/2) @ o_z a; }
gate o_sdg a { inv @ pow(1/2) @ o_z a; }
gate o_t a { pow(1/2) @ o_s a; }
gate o_tdg a { inv @ pow(1/2) @ o_s a; }
gate o_sx a { pow(1/2) @ o_x a; }
gate o_rx(θ) a { U(θ, -π/2, π/2) a; gphase(-θ/2); }
gate o_ry(θ) a { U(θ, 0, 0) a; gphase(-θ/2); }
gate o_rz(λ) a { gphase(-λ/2); U(0, 0, λ) a; }
gate o_cx a, b { ctrl @ o_x a, b; }
gate o_cy a, b { ctrl @ o_y a, b; }
gate o_cz a, b { ctrl @ o_z a, b; }
gate o_cp(λ) a, b { ctrl @ o_p(λ) a, b; }
gate o_crx(θ) a, b { ctrl @ o_rx(θ) a, b; }
gate o_cry(θ) a, b { ctrl @ o_ry(θ) a, b; }
gate o_crz(θ) a, b { ctrl @ o_rz(θ) a, b; }
gate o_ch a, b { ctrl @ o_h a, b; }
gate o_swap a, b { o_cx a, b; o_cx b, a; o_cx a, b; }
gate o_ccx a, b, c { ctrl @ ctrl @ o_x a, b, c; }
gate o_cswap a, b, c { ctrl @ o_swap a, b, c; }
gate o_cu(θ, φ, λ, γ) a, b { o_p(γ-θ/2) a; ctrl @ U(θ, φ, λ) a, b; }
gate o_CX a, b { ctrl @ o_x a, b; }
gate o_phase(λ) q { U(0, 0, λ) q; }
gate o_cphase(λ) a, b { ctrl @ o_phase(λ) a, b; }
gate o_id a { U(0, 0, 0) a; }
gate o_u1(λ) q { U(0, 0, λ) q; }
gate o_u2(φ, λ) q { gphase(-(φ+λ+π/2)/2); U(π/2, φ, λ) q; }
gate o_u3(θ, φ, λ) q { gphase(-(φ+λ+θ)/2); U(θ, φ, λ) q; }
`;

function callOf(name: string, modifier = ''): { call: string; qubits: number } {
  const gate = STANDARD_GATES.get(name.replace(/^o_/, ''));
  assert.ok(gate, name);
  const extra = modifier.includes('ctrl') ? 1 : 0;
  const angles = gate.parameters.length > 0 ? `(${ANGLES.slice(0, gate.parameters.length).join(',')})` : '';
  const qubits = gate.qubits + extra;
  const operands = Array.from({ length: qubits }, (_, i) => `q[${i}]`).join(',');
  return { call: `${modifier}${name}${angles} ${operands};`, qubits };
}

const inLibrary = (library: 'qelib1' | 'stdgates') =>
  [...STANDARD_GATES.values()].filter((gate) => gate.sources.includes(library)).map(({ name }) => name);

test('every gate of qelib1.inc is its definition, up to a global phase', () => {
  for (const name of inLibrary('qelib1')) {
    const { call, qubits } = callOf(name);
    const head = `OPENQASM 2.0; include "qelib1.inc"; ${QELIB1} qreg q[${qubits}];`;
    const ours = unitaryOfProgram(`${head} ${call}`);
    const defined = unitaryOfProgram(`${head} ${callOf(`o_${name}`).call}`);
    assertNear(ours, aligned(ours, defined), name);
  }
});

test('every gate of stdgates.inc is its definition, its phase too: bare, controlled and inverted', () => {
  for (const name of inLibrary('stdgates')) {
    for (const modifier of [
      '',
      'ctrl @ ',
      'negctrl @ ',
      'inv @ ',
      'inv @ ctrl @ ',
      'pow(3) @ ',
      'pow(-2) @ ',
    ]) {
      const { call, qubits } = callOf(name, modifier);
      const head = `OPENQASM 3.1; include "stdgates.inc"; ${STDGATES} qubit[${qubits}] q;`;
      const ours = unitaryOfProgram(`${head} ${call}`);
      assertNear(
        ours,
        unitaryOfProgram(`${head} ${callOf(`o_${name}`, modifier).call}`),
        `${modifier}${name}`,
      );
    }
  }
});

test('every gate is unitary, and inv undoes it', () => {
  for (const name of inLibrary('stdgates')) {
    const { call, qubits } = callOf(name);
    const head = `OPENQASM 3.1; include "stdgates.inc"; qubit[${qubits}] q;`;
    const unitary = unitaryOfProgram(`${head} ${call}`);
    assertNear(multiply(unitary, adjoint(unitary)), identity(2 ** qubits), name);
    assertNear(
      unitaryOfProgram(`${head} ${call} ${callOf(name, 'inv @ ').call}`),
      identity(2 ** qubits),
      `inv ${name}`,
    );
  }
});

test('gates of fixed angles are exact: U(pi, -pi/2, pi/2) is x to the last bit', () => {
  const head = 'OPENQASM 3.1; include "stdgates.inc"; qubit q;';
  assert.deepEqual(unitaryOfProgram(`${head} U(pi, -pi/2, pi/2) q;`), unitaryOfProgram(`${head} x q;`));
});

test('aliases, parameter names and sources say what the include files say', () => {
  assert.equal(STANDARD_GATES.get('CX')?.aliasOf, 'cx');
  assert.deepEqual(STANDARD_GATES.get('cu')?.parameters, ['theta', 'phi', 'lambda', 'gamma']);
  const defined = (text: string) => [...text.matchAll(/gate o_(\w+)/g)].map((match) => match[1]).sort();
  assert.deepEqual(inLibrary('qelib1').sort(), defined(QELIB1));
  assert.deepEqual(inLibrary('stdgates').sort(), defined(STDGATES));
});
