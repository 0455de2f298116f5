/** Programs of any size in the subset of OpenQASM 2 that all contenders read. */
const HEADER = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';

/**
 * Layers of h on every qubit and cx between neighbours: no two gates make one. `countedBytes` is what a simulator moves that goes over
 * the memory once a gate and touches only what the gate changes.
 */
export function brickwork(qubits: number, layers: number): { source: string; countedBytes: number } {
  const lines: string[] = [];
  let halves = 0;
  for (let layer = 0; layer < layers; layer++) {
    for (let q = 0; q < qubits; q++) lines.push(`h q[${q}];`);
    for (let q = layer % 2; q + 1 < qubits; q += 2) lines.push(`cx q[${q}],q[${q + 1}];`);
    // h reads and writes all amplitudes of 16 bytes, cx half of them.
    halves += 2 * qubits + Math.floor((qubits - (layer % 2)) / 2);
  }
  const source = `${HEADER}qreg q[${qubits}];\ncreg c[${qubits}];\n${lines.join('\n')}\nmeasure q -> c;\n`;
  return { source, countedBytes: halves * 16 * 2 ** qubits };
}

/** A Fourier transform of a GHZ state: dense, with n^2 / 2 controlled phases. */
export function fourier(qubits: number): string {
  const lines = ['h q[0];'];
  for (let q = 1; q < qubits; q++) lines.push(`cx q[${q - 1}],q[${q}];`);
  for (let i = qubits - 1; i >= 0; i--) {
    lines.push(`h q[${i}];`);
    for (let j = i - 1; j >= 0; j--) lines.push(`cu1(pi/${2 ** (i - j)}) q[${j}],q[${i}];`);
  }
  const measured = Array.from({ length: qubits }, (_, q) => `measure q[${q}] -> c[${q}];`).join('\n');
  return `${HEADER}qreg q[${qubits}];\ncreg c[${qubits}];\n${lines.join('\n')}\n${measured}\n`;
}

/** Clifford gates in a fixed order, as many as asked for. */
export function clifford(qubits: number, gates: number): string {
  const lines = Array.from({ length: gates }, (_, i) => {
    const q = (i * 7) % qubits;
    if (i % 3 === 0) return `h q[${q}];`;
    return i % 3 === 1 ? `s q[${q}];` : `cx q[${q}],q[${(q + 1) % qubits}];`;
  });
  return `${HEADER}qreg q[${qubits}];\ncreg c[1];\n${lines.join('\n')}\nmeasure q[0] -> c[0];\n`;
}

/** A flat program of about so many bytes. */
export function flat(bytes: number): string {
  const lines = [HEADER, 'qreg q[16];\ncreg c[16];\n'];
  for (let size = 70, i = 0; size < bytes; i++) {
    const line =
      i % 2 === 0
        ? `u3(0.${100 + (i % 900)},pi/2,-1.25) q[${i % 16}];\n`
        : `cx q[${i % 16}],q[${(i + 5) % 16}];\n`;
    lines.push(line);
    size += line.length;
  }
  return lines.join('');
}
