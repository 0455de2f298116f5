import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noisyDevice } from '../noisy/index.ts';
import { stabilizerDevice } from '../stabilizer/index.ts';
import { statevectorDevice } from '../statevector/index.ts';
import { HARDWARE_ONLY } from './hardware-only.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc"; qubit[2] q; bit[2] c;\n';

/** A feature, a program that uses it (its own line 1 is line 2 of the whole), and where. */
const programs: readonly (readonly [feature: keyof typeof HARDWARE_ONLY, source: string, place: string])[] = [
  ['stretch', `${HEAD}x q[0];\nstretch s; delay[s] q[0];`, '3:1'],
  ['durationof', `${HEAD}duration d = durationof({ x $0; }); delay[d] q[0];`, '2:14'],
  ['gate-duration', `${HEAD}x[20ns] q[0];`, '2:3'],
  ['pulse', `${HEAD}defcal x $0 { play(drive); } x $0;`, '2:1'],
  ['extern', `${HEAD}extern f(bit[2]) -> bit; c[0] = f(c);`, '2:33'],
  ['opaque', 'OPENQASM 2.0;\nopaque o(a) p; qreg q[1]; o(1) q[0];', '2:27'],
];

for (const device of [statevectorDevice(), stabilizerDevice(), noisyDevice()]) {
  test(`${device.profile.name} refuses by name, at its place, what only hardware does`, async () => {
    assert.deepEqual(programs.map(([feature]) => feature).sort(), Object.keys(HARDWARE_ONLY).sort());
    for (const [feature, source, place] of programs) {
      const request = {
        kind: 'counts',
        program: { language: 'openqasm', source },
        shots: 1,
        seed: 1,
      } as const;
      const [error, ...others] = await device.validate(request);
      assert.deepEqual(others, [], source);
      assert.equal(error?.code, 'unsupported', source);
      assert.equal(`${error.line}:${error.column}`, place, source);
      assert.ok(error.message.startsWith(`${device.profile.name} does not run ${feature}: `), error.message);
    }
  });

  test(`${device.profile.name} takes delays, boxes and declared externs that are not called`, async () => {
    const source = `${HEAD}extern f(bit); defcalgrammar "openpulse"; delay[1us] q; box[2us] { x q[0]; } c = measure q;`;
    const request = { kind: 'counts', program: { language: 'openqasm', source }, shots: 1, seed: 1 } as const;
    assert.deepEqual(await device.validate(request), []);
  });
}
