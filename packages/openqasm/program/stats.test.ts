import assert from 'node:assert/strict';
import test from 'node:test';
import { stats } from './stats.ts';
import { HEAD, started } from './test-compile.ts';

test('gates by name and by width, depth, T-count', () => {
  const found = stats(
    started(`${HEAD}qubit[4] q; bit[4] c; h q[0]; cx q[0], q[1]; ccx q[0], q[1], q[2]; ctrl(3) @ x q[0], q[1], q[2], q[3];
      t q[0]; tdg q[1]; p(3 * pi / 4) q[2]; rz(pi / 2) q[3]; cp(pi / 4) q[0], q[1]; barrier q; c = measure q;`),
  );
  assert.deepEqual(found.gatesByName, { c3x: 1, ccx: 1, cp: 1, cx: 1, h: 1, p: 1, rz: 1, t: 1, tdg: 1 });
  assert.deepEqual([found.gates, found.twoQubitGates, found.multiQubitGates, found.tCount], [9, 2, 2, 3]);
  assert.deepEqual(
    [found.depth, found.depthWithMeasurements, found.measurements, found.qubitsUsed],
    [6, 7, 4, 4],
  );
  assert.deepEqual([found.clifford, found.of, found.lowerBounds], [false, 'every-run', []]);
});

test('barriers make gates wait but count nothing', () => {
  assert.equal(stats(started(`${HEAD}qubit[2] q; h q[0]; h q[1]; h q[1];`)).depth, 2);
  assert.equal(stats(started(`${HEAD}qubit[2] q; h q[1]; h q[1]; barrier q; h q[0];`)).depth, 3);
});

test('Clifford is told by the matrices, whatever made them', () => {
  const clifford = (body: string) => stats(started(`${HEAD}qubit[3] q; ${body}`)).clifford;
  assert.ok(
    clifford(
      'h q[0]; cx q[0], q[1]; cz q[1], q[2]; swap q[0], q[2]; sx q[1]; rz(pi / 2) q[0]; cp(pi) q[0], q[1];',
    ),
  );
  assert.ok(
    clifford('U(pi / 2, 0, pi) q[0]; pow(2) @ t q[0]; ctrl @ gphase(pi / 2) q[1]; negctrl @ x q[0], q[1];'),
  );
  for (const body of [
    't q[0];',
    'ch q[0], q[1];',
    'ccx q[0], q[1], q[2];',
    'rz(0.3) q[0];',
    'ctrl @ sx q[0], q[1];',
    'cp(pi / 2) q[0], q[1];',
  ]) {
    assert.equal(clifford(body), false, body);
  }
});

test('numbers that hang on outcomes are the smallest, and are named', () => {
  const found = stats(
    started(
      `${HEAD}qubit[2] q; bit c; h q[0]; c = measure q[0]; if (c) { x q[1]; t q[1]; } else { y q[1]; }`,
    ),
  );
  assert.deepEqual([found.gates, found.gatesByName.x, found.gatesByName.y, found.tCount], [2, 0, 0, 0]);
  assert.deepEqual(found.lowerBounds, [
    'gates',
    'tCount',
    'depth',
    'gatesByName.t',
    'gatesByName.x',
    'gatesByName.y',
  ]);
  assert.equal(found.of, 'every-run');
  assert.equal(found.clifford, false);
});

test('of more than 64 ways through a program some are followed, and that is said', () => {
  const found = stats(
    started(`${HEAD}qubit q; bit c; for int i in [1:10] { h q; c = measure q; if (c) { x q; } }`),
  );
  assert.deepEqual([found.of, found.gates, found.measurements], ['some-runs', 10, 10]);
});
