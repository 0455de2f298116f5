/** Guarantee: what a device answers is stored only when it is a result of what was asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeviceRequest } from '../ports/index.ts';
import { checkedAnswer } from './device-answer.ts';

const profile = { name: 'test/device', version: '2' };
const program = { language: 'openqasm', source: '' } as const;
const hash = 'ab'.repeat(32);
const request = { kind: 'counts', program, shots: 10, seed: 3 } as const;
const result = {
  kind: 'counts',
  device: profile,
  programHash: hash,
  seed: 3,
  counts: { '1 00': 4, '0 11': 6 },
  registers: [
    { name: 'a', size: 2 },
    { name: 'b', size: 1 },
  ],
  shots: 10,
};
const check = (answer: unknown, asked: DeviceRequest = request) =>
  checkedAnswer(answer, asked, profile, hash);
const values = [{ observable: 'Z0', value: 0.5, standardError: 0 }];
const expectation = { kind: 'expectation', device: profile, programHash: hash, seed: 3, values };
const askedValues: DeviceRequest = {
  kind: 'expectation',
  program,
  observables: [{ text: 'Z0', terms: [] }],
  shots: undefined,
  seed: 3,
};

describe('an answer of a device', () => {
  it('passes when it is one', () => {
    assert.deepEqual(check({ ok: true, result }), { ok: true, result });
    const some = { ...result, counts: { '1 00': 9 }, shots: 9 };
    assert.ok(check({ ok: true, result: some }).ok, 'a device may run fewer shots');
    const memory = [...Array(4).fill('1 00'), ...Array(6).fill('0 11')];
    assert.ok(check({ ok: true, result: { ...result, memory } }, { ...request, memory: true }).ok);
    const empty = { ...result, registers: [], counts: { '': 10 } };
    assert.ok(check({ ok: true, result: empty }).ok);
    assert.ok(check({ ok: true, result: expectation }, askedValues).ok);
    const resources = { kind: 'resources', device: profile, programHash: hash, estimate: [{ qubits: 3 }] };
    assert.ok(check({ ok: true, result: resources }, { kind: 'resources', program }).ok);
    const error = { line: 1, column: 2, length: 3, code: 'limit', message: 'm', expected: 'e' };
    assert.deepEqual(check({ ok: false, errors: [error] }), { ok: false, errors: [error] });
  });

  for (const [what, answer, reason, asked] of [
    ['nothing', undefined, /./],
    ['a text', 'done', /./],
    ['no errors', { ok: false, errors: [] }, /errors/],
    ['an error without a place', { ok: false, errors: [{ code: 'x', message: 'y', expected: 'z' }] }, /line/],
    ['another kind', { ok: true, result: expectation }, /of the kind expectation, and counts/],
    ['another device', { ok: true, result: { ...result, device: { name: 'x', version: '2' } } }, /from x 2/],
    ['another program', { ok: true, result: { ...result, programHash: 'cd'.repeat(32) } }, /another program/],
    ['another seed', { ok: true, result: { ...result, seed: 4 } }, /seed is 4/],
    ['counts that are not the shots', { ok: true, result: { ...result, shots: 9 } }, /10 together, and 9/],
    [
      'more shots than asked',
      { ok: true, result: { ...result, counts: { '1 00': 11 }, shots: 11 } },
      /11 shots/,
    ],
    ['half a count', { ok: true, result: { ...result, counts: { '1 00': 9.5 } } }, /counts/],
    ['a negative count', { ok: true, result: { ...result, counts: { '1 00': -1, '0 11': 11 } } }, /counts/],
    [
      'an outcome that is too short',
      { ok: true, result: { ...result, counts: { '1 0': 10 } } },
      /"1 0" is no outcome/,
    ],
    [
      'an outcome of other signs',
      { ok: true, result: { ...result, counts: { '1 0x': 10 } } },
      /no outcome of the registers a\[2\] b\[1\]/,
    ],
    [
      'registers of one name',
      { ok: true, result: { ...result, registers: [result.registers[0], { name: 'a', size: 1 }] } },
      /named twice/,
    ],
    ['a memory that nobody asked for', { ok: true, result: { ...result, memory: [] } }, /nobody asked/],
    ['no memory', { ok: true, result }, /memory is missing/, { ...request, memory: true }],
    [
      'a memory of other outcomes',
      { ok: true, result: { ...result, memory: Array(10).fill('1 00') } },
      /does not agree/,
      { ...request, memory: true },
    ],
    [
      'a value that is none',
      { ok: true, result: { ...expectation, values: [{ ...values[0], value: Number.NaN }] } },
      /value/,
      askedValues,
    ],
    [
      'values of other observables',
      { ok: true, result: { ...expectation, values: [{ ...values[0], observable: 'X0' }] } },
      /not those/,
      askedValues,
    ],
    [
      'shots where none were asked for',
      { ok: true, result: { ...expectation, shots: 5 } },
      /5 shots/,
      askedValues,
    ],
  ] as [string, unknown, RegExp, DeviceRequest?][]) {
    it(`is refused when it is ${what}`, () =>
      assert.throws(() => check(answer, asked), {
        code: 'execution.device_answer_invalid',
        message: reason,
      }));
  }
});
