import type { BinaryOperator } from '../ir.ts';
import { integerArithmetic, shiftAmount } from './integers.ts';
import { ValueError } from './value-error.ts';

const TURN = 2 * Math.PI;

/**
 * Radians in [0, 2 pi). With a width: the nearest multiple of 2 pi / 2^width, ties to the even one (the specification's rule). Radians are
 * 64-bit floats, so widths above 52 keep about 52 bits.
 */
export function toAngle(radians: number, width: number | undefined): number {
  if (!Number.isFinite(radians)) {
    throw new ValueError('value', `${radians} is not an angle.`, 'a finite number of radians');
  }
  if (width !== undefined) return fromUnits(toUnits(radians, width), width);
  const rest = radians % TURN;
  // -1e-20 % TURN + TURN rounds to TURN itself, which is 0.
  const positive = rest < 0 ? rest + TURN : rest;
  return positive >= TURN ? 0 : positive + 0;
}

/** The bit pattern of `angle[width]`: how many 2^width-ths of a turn. */
export function toUnits(radians: number, width: number): bigint {
  const units = (radians / TURN) * 2 ** Math.min(width, 1000);
  return BigInt.asUintN(width, BigInt(roundToEven(units)));
}

export function fromUnits(units: bigint, width: number): number {
  const radians = (Number(BigInt.asUintN(width, units)) / 2 ** Math.min(width, 1000)) * TURN;
  return radians >= TURN ? 0 : radians;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `+ - & | ^` of two angles of one width; `/` of two is a whole number and stands in `divideAngles`. */
export function angleArithmetic(
  operator: BinaryOperator,
  left: number,
  right: number,
  width: number | undefined,
): number {
  if (width === undefined) return toAngle(operator === '+' ? left + right : left - right, undefined);
  const type = { kind: 'uint', width } as const;
  return fromUnits(integerArithmetic(operator, toUnits(left, width), toUnits(right, width), type), width);
}

/** An angle times or divided by a number, as the bit patterns do where the number is whole and the width known. */
export function scaleAngle(
  operator: '*' | '/',
  angle: number,
  by: bigint | number,
  width: number | undefined,
): number {
  if (operator === '/' && Number(by) === 0) {
    throw new ValueError('value', `${angle} / 0 has no result.`, 'a divisor other than 0');
  }
  if (width !== undefined && typeof by === 'bigint') {
    const units = toUnits(angle, width);
    return fromUnits(operator === '*' ? units * by : units / by, width);
  }
  return toAngle(operator === '*' ? angle * Number(by) : angle / Number(by), width);
}

/** How many times the right angle goes into the left one. */
export function divideAngles(left: number, right: number, width: number | undefined): bigint {
  if (right === 0) {
    throw new ValueError('value', `${left} / 0 has no result.`, 'a divisor other than 0');
  }
  if (width === undefined) return BigInt(Math.floor(left / right));
  return toUnits(left, width) / toUnits(right, width);
}

export function shiftAngle(operator: '<<' | '>>', angle: number, amount: bigint, width: number): number {
  const places = BigInt(shiftAmount(amount, width));
  const units = toUnits(angle, width);
  return fromUnits(operator === '<<' ? units << places : units >> places, width);
}

export function invertAngle(angle: number, width: number): number {
  return fromUnits(~toUnits(angle, width), width);
}
