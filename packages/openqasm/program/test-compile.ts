import assert from 'node:assert/strict';
import { type CompiledProgram, compile } from '../compile.ts';
import type { Run } from './operation.ts';

/** A program that has to compile. */
export function compiled(source: string): CompiledProgram {
  const result = compile(source);
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.errors[0]));
  return result.program;
}

export function started(source: string, inputs: Record<string, unknown> = {}): Run {
  const bound = compiled(source).bind(inputs);
  assert.ok(bound.ok, bound.ok ? '' : JSON.stringify(bound.errors[0]));
  return bound.start();
}

export const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
