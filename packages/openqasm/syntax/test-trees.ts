import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './ast.ts';
import { parse } from './parse.ts';

/** A tree (or a part of one) without its spans: what two texts of one meaning have in common. */
export function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== 'start' && key !== 'end');
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutSpans(value)]));
}

/** The tree of a text that has to be right. */
export function treeOf(source: string): Program {
  const { tree, errors } = parse(source);
  if (errors.length > 0) throw new Error(`${JSON.stringify(errors[0])} in\n${source}`);
  return tree;
}

/** The project's own programs, by file name: `valid` ones of OpenQASM 3 and `invalid` ones. */
export function corpus(kind: 'openqasm3' | 'invalid'): ReadonlyMap<string, Uint8Array> {
  const folder = join(import.meta.dirname, '../../../devices/conformance/corpus', kind);
  const files = readdirSync(folder).filter((name) => name.endsWith('.qasm'));
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
}
