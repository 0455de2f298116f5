/** Guarantee: what processes tell of devices adds up to one truth: the operator's status and slots stay, and a real machine has one slot. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { getDb } from '@quantum-hub/database';
import { findDeviceByAddress, setDeviceStatus } from '../queries/devices.ts';
import { fakeDevice } from '../test-devices.ts';
import { openTestExecution, type TestExecution } from '../test-execution.ts';
import { registerDevices } from './register-devices.ts';

let hub: TestExecution;
before(async () => {
  hub = await openTestExecution();
});
after(async () => await hub[Symbol.asyncDispose]());

const { profile } = fakeDevice('lab/first');
const told = (slots: number, changes: object = {}) => [
  { profile: { ...profile, ...changes }, simulator: true, slots },
];
const stored = async (address = 'lab/first') => {
  const device = await getDb((db) => findDeviceByAddress(db, address), { as: 'execution', readOnly: true });
  assert.ok(device);
  return device;
};

test('a process that starts later changes neither status nor slots, and no revision as long as it says the same', async () => {
  await registerDevices(told(3), { keepsSlots: true });
  const { id, slots } = await stored();
  assert.equal(slots, 3, 'the first one gives it some');
  await getDb((db) => setDeviceStatus(db, id, 'maintenance'), { as: 'execution' });
  const before = await stored();
  await registerDevices(told(9), { keepsSlots: true });
  assert.deepEqual(await stored(), before);
  await registerDevices(told(5, { qubits: 21 }));
  const after = await stored();
  assert.deepEqual([after.slots, after.qubits, after.status], [5, 21, 'maintenance']);
  assert.notEqual(after.revision, before.revision);
});

test('a real machine has one slot, whatever is asked for', async () => {
  const machine = { profile: fakeDevice('lab/machine').profile, simulator: false, slots: 8 };
  await registerDevices([machine]);
  assert.equal((await stored('lab/machine')).slots, 1);
});

test('twenty processes that start at once leave the devices as one would', async () => {
  const devices = ['lab/a', 'lab/b', 'lab/c'].map((name) => ({
    profile: fakeDevice(name).profile,
    simulator: true,
    slots: 4,
  }));
  const orders = Array.from({ length: 20 }, (_, index) => (index % 2 ? devices : devices.toReversed()));
  await Promise.all(orders.map((each, index) => registerDevices(each, { keepsSlots: index > 0 })));
  for (const name of ['lab/a', 'lab/b', 'lab/c']) assert.equal((await stored(name)).slots, 4);
});
