import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Device, DeviceRequest } from '@quantum-hub/execution/ports';
import { defaultSandboxLimits, localDevice, startSpare } from '../index.ts';
import { type SandboxLimits, sandboxed } from './sandbox.ts';

const MEBIBYTE = 2 ** 20;
const counts = (source: string, shots = 1000): DeviceRequest => ({
  kind: 'counts',
  program: { language: 'openqasm', source },
  shots,
  seed: 1,
});
const BELL =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';
/** Minutes of gates on 20 qubits: nobody waits for it. */
const LONG =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[20] q; for int i in [1:2000] { h q; cx q[0:18], q[1:19]; }';

const statevector = async (limits?: Partial<SandboxLimits>) => {
  const device = await localDevice('local/statevector', { ...defaultSandboxLimits(), ...limits });
  return device as Device;
};
/** A device whose process does what a hostile program would, if it could. */
const hostile = async (what: string) =>
  sandboxed(await statevector(), {
    entry: join(import.meta.dirname, 'test-hostile.ts'),
    readable: [join(import.meta.dirname, 'test-hostile.ts')],
    limits: { milliseconds: 60_000, memoryBytes: 600 * MEBIBYTE },
  }).run({ ...counts(BELL), program: { language: 'qsharp', source: what } } as DeviceRequest);

describe('the sandbox', () => {
  it('answers as the device itself does, with its errors', async () => {
    const device = await statevector();
    const answer = await device.run(counts(BELL));
    assert.ok(answer.ok && answer.result.kind === 'counts');
    assert.deepEqual(Object.keys(answer.result.counts).sort(), ['00', '11']);
    const wrong = await device.run(counts('OPENQASM 3.0;\nqubit q;\nh q;'));
    assert.ok(!wrong.ok);
    assert.equal(wrong.errors[0]?.line, 3);
    assert.deepEqual(await device.validate(counts('OPENQASM 3.0;\nqubit q;\nh q;')), wrong.errors);
    await assert.rejects(device.run(counts(BELL, 0)), { code: 'execution.shots_out_of_range' });
  });

  it('gives a process that was started ahead to the first request only', async () => {
    const spare = startSpare('local/statevector');
    const device = (await localDevice('local/statevector', defaultSandboxLimits(), spare)) as Device;
    const [first, second] = [await device.run(counts(BELL)), await device.run(counts(BELL))];
    assert.ok(first.ok);
    assert.deepEqual(second, first);
    assert.equal(spare.take(), undefined);
    let taken: ReturnType<typeof spare.take>;
    {
      using unused = startSpare('local/statevector');
      taken = unused.take();
    }
    assert.ok(taken, 'a process that was taken is not the spare’s to kill');
    const ended = once(taken, 'close');
    taken.kill('SIGKILL');
    await ended;
    const left = startSpare('local/statevector');
    left[Symbol.dispose]();
    assert.equal(left.take(), undefined);
  });

  it('stops a run that takes too long', async () => {
    const device = await statevector({ milliseconds: 1500 });
    await assert.rejects(device.run(counts(LONG)), {
      code: 'execution.device_time_exceeded',
      message: 'local/statevector stopped the program after 1.5 s, the time it may take',
    });
  });

  it('stops a run that is aborted, with the reason, after it has told progress', async () => {
    const stop = new AbortController();
    const reason = new Error('not wanted any more');
    const device = await statevector();
    await assert.rejects(
      device.run(counts(LONG), { signal: stop.signal, onProgress: () => stop.abort(reason) }),
      reason,
    );
  });

  it('stops a run that grows too large', async () => {
    const device = await statevector({ memoryBytes: 150 * MEBIBYTE });
    const wide =
      'OPENQASM 3.0; include "stdgates.inc"; qubit[24] q; for int i in [1:50] { h q; cx q[0:22], q[1:23]; }';
    await assert.rejects(device.run(counts(wide)), { code: 'execution.device_memory_exceeded' });
  });

  for (const [what, reason] of [
    ['read', /ERR_ACCESS_DENIED/],
    ['write', /ERR_ACCESS_DENIED/],
    ['spawn', /ERR_ACCESS_DENIED/],
    ['worker', /ERR_ACCESS_DENIED/],
    ['environment', /environment: \[\]/],
    ['die', /signal SIGKILL/],
    ['exit', /exit code 7/],
    ['throw', /thrown on purpose/],
  ] as const) {
    it(`a process that tries "${what}" gets nowhere and harms nobody`, async () => {
      await assert.rejects(hostile(what), { code: 'execution.device_failed', message: reason });
    });
  }

  it('a heap that explodes is told as memory', async () => {
    await assert.rejects(hostile('heap'), { code: 'execution.device_memory_exceeded' });
  });
});
