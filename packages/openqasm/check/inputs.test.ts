import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compiled, gatesOf, runOf } from './test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc";\n';
const ALL = `${HEAD}input bool t; input bit b; input bit[3] r; input int[8] i; input uint u; input float f;
input angle[4] a; input complex z; input array[int[8], 2, 2] m; qubit q; bit[3] c = r; bit d = m[1, 0] == i;`;
const RIGHT = {
  t: true,
  b: 1,
  r: '011',
  i: -5,
  u: '18446744073709551615',
  f: 0.5,
  a: -1,
  z: [1, -2],
  m: [
    [1, 2],
    [-5, 4],
  ],
};

/** `line code message` of what is wrong with the inputs. */
function faults(given: Record<string, unknown>): string[] {
  const bound = compiled(ALL).bind({ ...RIGHT, ...given });
  return bound.ok ? [] : bound.errors.map(({ line, code, message }) => `${line} ${code} ${message}`);
}

describe('inputs', () => {
  it('are an object with a property for each, described by a JSON Schema', () => {
    const schema = compiled(`${HEAD}input int[8] n; input bit[2] r; input array[float, 3] x;`).inputs();
    assert.deepEqual(schema, {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        n: {
          title: 'int[8]',
          anyOf: [
            { type: 'integer', minimum: -128, maximum: 127 },
            { type: 'string', pattern: '^-?[0-9]+$', description: 'a whole number from -128 to 127' },
          ],
        },
        r: {
          title: 'bit[2]',
          type: 'string',
          pattern: '^[01]{2}$',
          description: 'the last character is bit 0',
        },
        x: {
          title: 'array[float[64], 3]',
          type: 'array',
          items: { type: 'number' },
          minItems: 3,
          maxItems: 3,
        },
      },
      required: ['n', 'r', 'x'],
      additionalProperties: false,
    });
  });

  it('reach the program', () => {
    assert.equal(runOf(ALL, [], RIGHT).bits, '1 011');
    assert.deepEqual(gatesOf(`${HEAD}input int n; qubit[4] q; x q[n];`, { n: 2 }), ['x 2']);
  });

  it('are all told that are wrong, by name and at their declaration', () => {
    assert.deepEqual(faults({}), []);
    assert.deepEqual(faults({ i: 128, f: 'half', m: [[1, 2]], extra: 1 }), [
      '2 input The input i cannot be 128.',
      '2 input The input f cannot be "half".',
      '3 input The input m cannot be [[1,2]].',
      '1 input The program has no input extra.',
    ]);
    const missing = compiled(ALL).bind();
    assert.equal(missing.ok ? 0 : missing.errors.length, 9);
  });

  it('are told up to a number, however many were given, and how many more are wrong', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, index]));
    const told = faults({ ...many, i: 128 });
    assert.equal(told.length, 51);
    assert.deepEqual(
      [told[0], told.at(-1)],
      ['2 input The input i cannot be 128.', '1 input 9951 more inputs are wrong.'],
    );
    const declared = Array.from({ length: 1000 }, (_, index) => `input int m${index};`).join('\n');
    const bound = compiled(`${HEAD}${declared}`).bind(many);
    assert.ok(!bound.ok && bound.errors.at(-1)?.message === '10950 more inputs are wrong.');
    const unknown = compiled(`${HEAD}${declared.replaceAll('input int', 'int')} input bit x;`).bind({
      x: 1,
      y: 1,
    });
    assert.ok(!unknown.ok && unknown.errors.every(({ expected }) => expected === 'x'));
  });

  it('are exact: nothing is rounded, cut or guessed', () => {
    const wrong: Record<string, readonly unknown[]> = {
      t: [1, 'true', null],
      b: [2, '2', '', '01'],
      r: ['01', '0112', 3, [0, 1, 1]],
      i: [1.5, -129, '0x5', '', Number.NaN, true],
      u: [-1, 2 ** 53, '18446744073709551616', '9'.repeat(5000)],
      f: [Number.NaN, Number.POSITIVE_INFINITY, '1', null],
      z: [1, [1], [1, 2, 3], [1, '2']],
      m: [
        [1, 2, 3, 4],
        [[1, 2], [3]],
        [
          [1, 2],
          [3, 200],
        ],
      ],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values)
        assert.equal(faults({ [name]: value }).length, 1, `${name} = ${String(value)}`);
    }
    for (const right of [0, '1', false]) assert.deepEqual(faults({ b: right }), []);
  });
});
