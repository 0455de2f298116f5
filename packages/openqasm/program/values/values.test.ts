import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ScalarType } from '../ir.ts';
import { fromUnits, toAngle, toUnits } from './angles.ts';
import {
  applyBinary,
  applyBuiltin,
  applyUnary,
  bitsFromText,
  bitsToInteger,
  bitsToText,
  convertValue,
  integerToBits,
  rangeIndices,
  rangeLength,
  resolveIndex,
  ValueError,
} from './index.ts';
import { BOOL, COMPLEX, FLOAT } from './types.ts';

const widths = fc.integer({ min: 1, max: 70 });
const anyInteger = fc.bigInt({ min: -(1n << 80n), max: 1n << 80n });
const integerTypes = fc
  .tuple(fc.constantFrom('int' as const, 'uint' as const), widths)
  .map(([kind, width]): ScalarType & { kind: 'int' | 'uint' } => ({ kind, width }));

function wrapped(value: bigint, type: { kind: 'int' | 'uint'; width: number }): bigint {
  const size = 1n << BigInt(type.width);
  const rest = ((value % size) + size) % size;
  return type.kind === 'int' && rest >= size / 2n ? rest - size : rest;
}

describe('whole numbers', () => {
  it('add, subtract and multiply as the integers do, modulo 2^width', () => {
    fc.assert(
      fc.property(integerTypes, anyInteger, anyInteger, (type, x, y) => {
        const [a, b] = [wrapped(x, type), wrapped(y, type)];
        const apply = (operator: '+' | '-' | '*') => applyBinary(operator, a, b, [type, type], type);
        assert.equal(apply('+'), wrapped(a + b, type));
        assert.equal(apply('-'), wrapped(a - b, type));
        assert.equal(apply('*'), wrapped(a * b, type));
      }),
    );
  });

  it('are a quotient times the divisor and a remainder', () => {
    fc.assert(
      fc.property(integerTypes, anyInteger, anyInteger, (type, x, y) => {
        const [a, b] = [wrapped(x, type), wrapped(y, type)];
        fc.pre(b !== 0n);
        const quotient = applyBinary('/', a, b, [type, type], type) as bigint;
        const rest = applyBinary('%', a, b, [type, type], type) as bigint;
        assert.equal(wrapped(quotient * b + rest, type), a);
      }),
    );
  });

  it('have powers modulo 2^width, at once however large they are', () => {
    fc.assert(
      fc.property(integerTypes, anyInteger, fc.bigInt({ min: 0n, max: 40n }), (type, x, exponent) => {
        const base = wrapped(x, type);
        assert.equal(applyBinary('**', base, exponent, [type, type], type), wrapped(base ** exponent, type));
      }),
    );
    const type = { kind: 'int', width: 64 } as const;
    assert.equal(applyBinary('**', 2n, 1n << 60n, [type, type], type), 0n);
    assert.equal(applyBinary('**', 3n, 1n << 62n, [type, type], type), 1n);
  });

  it('shift as their patterns do, and not by a negative amount', () => {
    fc.assert(
      fc.property(widths, anyInteger, fc.bigInt({ min: 0n, max: 90n }), (width, x, amount) => {
        const type = { kind: 'uint', width } as const;
        const a = wrapped(x, type);
        assert.equal(applyBinary('<<', a, amount, [type, type], type), wrapped(a << amount, type));
        assert.equal(applyBinary('>>', a, amount, [type, type], type), a >> amount);
        assert.throws(() => applyBinary('<<', a, -1n, [type, type], type), ValueError);
      }),
    );
  });

  it('turn around and back, and keep their count of ones', () => {
    fc.assert(
      fc.property(widths, anyInteger, fc.bigInt({ min: -200n, max: 200n }), (width, x, places) => {
        const type = { kind: 'uint', width } as const;
        const a = wrapped(x, type);
        const turned = applyBuiltin('rotl', [a, places], [type, type], type) as bigint;
        assert.equal(applyBuiltin('rotr', [turned, places], [type, type], type), a);
        const ones = (value: bigint) => [...value.toString(2)].filter((digit) => digit === '1').length;
        assert.equal(applyBuiltin('popcount', [turned], [type], type), BigInt(ones(a)));
      }),
    );
  });
});

describe('registers of bits', () => {
  const texts = fc.string({ unit: fc.constantFrom('0', '1'), minLength: 1, maxLength: 70 });
  const type = (text: string): ScalarType => ({ kind: 'bits', width: text.length, lone: false });

  it('are unsigned numbers with bit 0 lowest, in every conversion', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bits = bitsFromText(text);
        assert.equal(bits[0], Number(text.at(-1)));
        assert.equal(bitsToText(bits), text);
        assert.equal(bitsToInteger(bits), BigInt(`0b${text}`));
        assert.deepEqual(integerToBits(BigInt(`0b${text}`), text.length), bits);
        const uint: ScalarType = { kind: 'uint', width: text.length };
        assert.equal(convertValue(bits, type(text), uint), BigInt(`0b${text}`));
        const int: ScalarType = { kind: 'int', width: text.length };
        const signed = convertValue(bits, type(text), int);
        assert.deepEqual(convertValue(signed, int, type(text)), bits);
      }),
    );
  });

  it('compare and compute as their numbers do', () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.constantFrom('0', '1')), (left, stream) => {
        const right = [...stream.take(left.length)].join('');
        const [a, b] = [bitsFromText(left), bitsFromText(right)];
        const [x, y] = [BigInt(`0b${left}`), BigInt(`0b${right}`)];
        const types = [type(left), type(left)] as const;
        assert.equal(applyBinary('<', a, b, types, BOOL), x < y);
        assert.equal(applyBinary('>=', a, b, types, BOOL), x >= y);
        assert.equal(applyBinary('==', a, b, types, BOOL), x === y);
        const number = (value: unknown) => bitsToInteger(value as Int32Array);
        assert.equal(number(applyBinary('&', a, b, types, type(left))), x & y);
        assert.equal(number(applyBinary('|', a, b, types, type(left))), x | y);
        assert.equal(number(applyBinary('^', a, b, types, type(left))), x ^ y);
        assert.equal(number(applyUnary('~', a, type(left))), BigInt.asUintN(left.length, ~x));
        assert.equal(
          number(applyBinary('<<', a, 2n, types, type(left))),
          BigInt.asUintN(left.length, x << 2n),
        );
        assert.equal(number(applyBinary('>>', a, 2n, types, type(left))), x >> 2n);
      }),
    );
  });

  it('shift and turn as the specification shows', () => {
    const a = bitsFromText('10001111');
    const bits = type('10001111');
    assert.equal(bitsToText(applyBinary('<<', a, 1n, [bits, bits], bits) as Int32Array), '00011110');
    assert.equal(bitsToText(applyBuiltin('rotl', [a, 2n], [bits, bits], bits) as Int32Array), '00111110');
  });
});

describe('angles', () => {
  it('with a width are whole units of a turn, and compute as uint does', () => {
    const small = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(small, anyInteger, anyInteger, fc.bigInt({ min: 0n, max: 999n }), (width, x, y, factor) => {
        const type = { kind: 'angle', width } as const;
        const uint = { kind: 'uint', width } as const;
        const [u, v] = [BigInt.asUintN(width, x), BigInt.asUintN(width, y)];
        const [a, b] = [fromUnits(u, width), fromUnits(v, width)];
        const units = (value: unknown) => toUnits(value as number, width);
        assert.equal(units(a), u);
        assert.equal(units(applyBinary('+', a, b, [type, type], type)), BigInt.asUintN(width, u + v));
        assert.equal(units(applyBinary('-', a, b, [type, type], type)), BigInt.asUintN(width, u - v));
        assert.equal(
          units(applyBinary('*', factor, a, [uint, type], type)),
          BigInt.asUintN(width, u * factor),
        );
        assert.equal(units(applyUnary('-', a, type)), BigInt.asUintN(width, -u));
        if (v !== 0n) assert.equal(applyBinary('/', a, b, [type, type], uint), u / v);
      }),
    );
  });

  it('lie in [0, 2 pi), rounded to the nearest unit, ties to even', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.option(widths, { nil: undefined }),
        (x, width) => {
          const angle = toAngle(x, width);
          assert.ok(angle >= 0 && angle < 2 * Math.PI);
          const difference = Math.abs(Math.sin((angle - x) / 2));
          assert.ok(difference <= (width === undefined ? 1e-9 : Math.PI / 2 ** width + 1e-9));
        },
      ),
    );
    assert.equal(toUnits(Math.PI / 8, 3), 0n);
    assert.equal(toUnits((3 * Math.PI) / 8, 3), 2n);
  });
});

describe('floats and complex numbers', () => {
  it('compute as the specification shows', () => {
    const types = [COMPLEX, COMPLEX] as const;
    const [a, b] = [[10, 5] as const, [-2, -7] as const];
    assert.deepEqual(applyBinary('*', a, b, types, COMPLEX), [15, -80]);
    const [re, im] = applyBinary('/', a, b, types, COMPLEX) as [number, number];
    assert.ok(Math.hypot(re + 55 / 53, im - 60 / 53) < 1e-14);
    const [p, q] = applyBinary('**', a, b, types, COMPLEX) as [number, number];
    assert.ok(Math.hypot(p - 0.10694695640729072, q - 0.17536481119721312) < 1e-12);
  });

  it('have roots and exponentials that undo each other', () => {
    const parts = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(parts, parts, (re, im) => {
        const root = applyBuiltin('sqrt', [[re, im]], [COMPLEX], COMPLEX) as [number, number];
        const [x, y] = applyBinary('*', root, root, [COMPLEX, COMPLEX], COMPLEX) as [number, number];
        assert.ok(root[0] >= 0 && Math.hypot(x - re, y - im) < 1e-10);
      }),
    );
  });

  it('round to 32 bits where the type has them', () => {
    const single: ScalarType = { kind: 'float', width: 32 };
    assert.equal(
      applyBinary('+', Math.fround(0.1), Math.fround(0.2), [single, single], single),
      Math.fround(Math.fround(0.1) + Math.fround(0.2)),
    );
    assert.equal(convertValue(0.1, FLOAT, single), Math.fround(0.1));
  });

  it('round to 16 bits where the type has them: ties to even, small and large numbers too', () => {
    const half = (value: number) => convertValue(value, FLOAT, { kind: 'float', width: 16 });
    const pairs = [
      [0.1, 0.0999755859375],
      [2049, 2048],
      [2051, 2052],
      [65519.99, 65504],
      [65520, Infinity],
      [-65520, -Infinity],
      [2 ** -24, 2 ** -24],
      [2 ** -25, 0],
      [-3 * 2 ** -25, -(2 ** -23)],
      [1 - 2 ** -53, 1],
      [Infinity, Infinity],
    ] as const;
    for (const [value, rounded] of pairs) assert.equal(half(value), rounded, String(value));
  });

  it('refuse what has no result', () => {
    for (const [name, x] of [
      ['sqrt', -1],
      ['log', 0],
      ['arccos', 2],
      ['arcsin', -1.5],
    ] as const) {
      assert.throws(() => applyBuiltin(name, [x], [FLOAT], FLOAT), ValueError);
    }
    assert.throws(() => applyBinary('/', 1, 0, [FLOAT, FLOAT], FLOAT), ValueError);
    assert.throws(() => applyBinary('**', -8, 0.5, [FLOAT, FLOAT], FLOAT), ValueError);
  });
});

describe('indices', () => {
  it('count from either end', () => {
    assert.deepEqual(
      [-3n, -1n, 0n, 2n].map((index) => resolveIndex(index, 3, 'q')),
      [0, 2, 0, 2],
    );
    for (const index of [3n, -4n]) assert.throws(() => resolveIndex(index, 3, 'q'), /q has no element/);
  });

  it('of a range have both its ends, and lie inside', () => {
    const range = (from?: bigint, step?: bigint, to?: bigint) => rangeIndices({ from, step, to }, 6, 'q');
    assert.deepEqual(range(1n, undefined, 3n), [1, 2, 3]);
    assert.deepEqual(range(undefined, 2n, undefined), [0, 2, 4]);
    assert.deepEqual(range(undefined, -2n, undefined), [5, 3, 1]);
    assert.deepEqual(range(-3n, undefined, -1n), [3, 4, 5]);
    assert.deepEqual(range(4n, undefined, 1n), []);
    assert.throws(() => range(0n, undefined, 6n), ValueError);
    assert.throws(() => range(0n, 0n, 3n), ValueError);
  });

  it('of a range are as many as its length says', () => {
    const ends = fc.bigInt({ min: -50n, max: 50n });
    fc.assert(
      fc.property(ends, ends, ends, (from, step, to) => {
        fc.pre(step !== 0n);
        let count = 0n;
        for (let at = from; step > 0n ? at <= to : at >= to; at += step) count += 1n;
        assert.equal(rangeLength(from, step, to), count);
      }),
    );
  });
});
