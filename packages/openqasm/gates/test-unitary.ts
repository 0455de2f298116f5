import assert from 'node:assert/strict';
import { compile } from '../compile.ts';
import type { Gate } from '../program/operation.ts';
import { unitaryOf } from './dense.ts';
import { distance, type Matrix, scale } from './matrix.ts';

/** The unitary of a program of gates only. */
export function unitaryOfProgram(source: string): Matrix {
  const result = compile(source);
  assert.ok(result.ok, result.ok ? '' : `${JSON.stringify(result.errors[0])} in ${source}`);
  const bound = result.program.bind();
  assert.ok(bound.ok);
  const run = bound.start();
  const gates: Gate[] = [];
  for (let operation = run.next(); operation; operation = run.next()) {
    assert.equal(operation.kind, 'gate');
    if (operation.kind === 'gate') gates.push(operation);
  }
  return unitaryOf(gates, result.program.unit.qubitCount);
}

/** The right matrix times the phase that brings its largest entry to the left one's: equality up to a global phase. */
export function aligned(left: Matrix, right: Matrix): Matrix {
  let at = 0;
  const size = (place: number) => Math.hypot(right[place] as number, right[place + 1] as number);
  for (let place = 0; place < right.length; place += 2) if (size(place) > size(at) + 1e-9) at = place;
  const [a, b, c, d] = [left[at], left[at + 1], right[at], right[at + 1]] as [number, number, number, number];
  const length = size(at) ** 2;
  return scale(right, (a * c + b * d) / length, (b * c - a * d) / length);
}

export function assertNear(left: Matrix, right: Matrix, message: string, tolerance = 1e-13): void {
  const far = distance(left, right);
  assert.ok(far <= tolerance, `${message}: ${far} apart`);
}
