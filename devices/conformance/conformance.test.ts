import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Device } from '@quantum-hub/execution/ports';
import { madeUpCalibration, noiselessCalibration } from '../noisy/calibration.ts';
import { noisyDevice } from '../noisy/index.ts';
import { stabilizerDevice } from '../stabilizer/index.ts';
import { statevectorDevice } from '../statevector/index.ts';
import { disagreement } from './agreement.ts';
import { qasmBench } from './corpus-cases.ts';
import { conformanceCases, runCases, type SuiteOptions } from './suite.ts';

/** CI has the time for more. */
const random = process.env.CI === 'true' ? 40 : 10;

async function tally(
  device: Device,
  options: SuiteOptions,
): Promise<{ right: number; refused: string[]; wrong: string[] }> {
  const result = { right: 0, refused: [] as string[], wrong: [] as string[] };
  for await (const { name, verdict } of runCases(device, conformanceCases(options))) {
    if (verdict.outcome === 'right') result.right++;
    else result[verdict.outcome].push(`${name}: ${verdict.why}`);
  }
  return result;
}

describe('conformance', () => {
  it('QASMBench is there', (t) => {
    const { folder, cases } = qasmBench();
    if (cases === undefined && process.env.CI !== 'true')
      t.skip(`${folder} is absent: set QHUB_CORPUS to run it`);
    else assert.ok(cases && cases.length > 30, `${folder}: required when CI=true`);
  });

  it('local/statevector gets everything right and refuses nothing', async () => {
    const { right, refused, wrong } = await tally(statevectorDevice(), { randomPrograms: random });
    assert.deepEqual(wrong, []);
    // The mirrors of 40 qubits are wider than it is.
    assert.deepEqual(
      refused.filter((text) => !text.startsWith('mirror/40-')),
      [],
    );
    assert.ok(right > 80 + 3 * random, `${right}`);
  });

  it('local/stabilizer gets every Clifford program right, and refuses others at a place', async () => {
    const { right, refused, wrong } = await tally(stabilizerDevice(), { randomPrograms: random });
    assert.deepEqual(wrong, []);
    assert.ok(right > 30 + 2 * random, `${right}`);
    assert.deepEqual(
      refused.filter((text) => /\/clifford-|mirror\/40-|closed-form\/(ghz|bernstein)/.test(text)),
      [],
    );
  });

  it('local/noisy gets everything right with its noise off', async () => {
    const { wrong } = await tally(noisyDevice(noiselessCalibration()), { randomPrograms: random });
    assert.deepEqual(wrong, []);
  });

  it('local/noisy has the distributions of its density matrix with its noise on', async () => {
    const calibration = loud();
    const { right, wrong } = await tally(noisyDevice(calibration), { calibration, randomPrograms: random });
    assert.deepEqual(wrong, []);
    assert.equal(right, 2 * random);
  });

  it('the judge sees wrong distributions, outcomes that cannot come, and lost shots', () => {
    const registers = [{ name: 'c', size: 1 }];
    assert.equal(
      disagreement({ counts: { 0: 2048, 1: 2048 }, registers, shots: 4096 }, { 0: 0.5, 1: 0.5 }),
      undefined,
    );
    assert.match(
      disagreement({ counts: { 0: 2400, 1: 1696 }, registers, shots: 4096 }, { 0: 0.5, 1: 0.5 }) ?? '',
      /distance/,
    );
    assert.match(
      disagreement({ counts: { 0: 4095, 1: 1 }, registers, shots: 4096 }, { 0: 1 }) ?? '',
      /cannot come/,
    );
    assert.match(
      disagreement({ counts: { 0: 4095 }, registers, shots: 4096 }, { 0: 1 }) ?? '',
      /4095 outcomes/,
    );
  });
});

/** The made-up noise fifteen times as strong: a wrong rate would hide in the sampling error of the real one. */
function loud() {
  const calibration = madeUpCalibration();
  return {
    ...calibration,
    twoQubitError: 15 * calibration.twoQubitError,
    gateSeconds: { one: 15 * calibration.gateSeconds.one, two: 15 * calibration.gateSeconds.two },
    qubits: calibration.qubits.map((qubit) => ({
      ...qubit,
      oneQubitError: 15 * qubit.oneQubitError,
      resetError: 15 * qubit.resetError,
      readout: { oneForZero: 6 * qubit.readout.oneForZero, zeroForOne: 6 * qubit.readout.zeroForOne },
    })),
  };
}
