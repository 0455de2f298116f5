import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseObservable } from './observable.ts';

describe('observables', () => {
  for (const [text, terms] of [
    ['Z0', [{ coefficient: 1, paulis: { 0: 'Z' } }]],
    ['-x1', [{ coefficient: -1, paulis: { 1: 'X' } }]],
    [
      '0.5*Z0 Z1 - 1e-3 X2 + Y12',
      [
        { coefficient: 0.5, paulis: { 0: 'Z', 1: 'Z' } },
        { coefficient: -0.001, paulis: { 2: 'X' } },
        { coefficient: 1, paulis: { 12: 'Y' } },
      ],
    ],
    [
      '2 - Z0Z1',
      [
        { coefficient: 2, paulis: {} },
        { coefficient: -1, paulis: { 0: 'Z', 1: 'Z' } },
      ],
    ],
    [
      '1.5e+2*I + I3 Z4',
      [
        { coefficient: 150, paulis: {} },
        { coefficient: 1, paulis: { 4: 'Z' } },
      ],
    ],
  ] as const) {
    it(`"${text}" is read`, () => assert.deepEqual(parseObservable(text), { text, terms }));
  }

  for (const [text, reason] of [
    ['', /it is empty/],
    ['Z', /"Z" is no term/],
    ['Z0 Z0', /qubit 0 stands twice/],
    ['Z0 +', /no term/],
    ['Q0', /no term/],
    ['1..5 Z0', /no term/],
    ['Z0 * X1', /no term/],
    ['+-Z0', /no term/],
    ['1e999 Z0', /beyond 64-bit numbers/],
  ] as const) {
    it(`"${text}" is refused with the reason`, () =>
      assert.throws(() => parseObservable(text), { code: 'execution.observable_invalid', message: reason }));
  }
});
