// The tables of packages/openqasm/README.md that stand in its code; the rest of the page is written by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES, DEFAULT_LIMITS, FEATURES } from '../../packages/openqasm/index.ts';
import { root } from '../rooms.ts';
import type { Document } from './documents.ts';
import { code, table } from './markdown.ts';

const path = 'packages/openqasm/README.md';

const limits: Readonly<Record<keyof typeof DEFAULT_LIMITS, string>> = {
  bytes: 'of the source in UTF-8, included files among them',
  tokens: 'of all texts together',
  nesting: 'levels of expressions, blocks, gate calls and subroutine calls, each by itself',
  operations: 'quantum operations of one run, after expansion',
  rounds: 'of all loops of one run together',
  steps: 'classical steps of one run',
  qubits: 'of the program',
  bits: 'of all registers together, and elements of all arrays together',
  milliseconds: 'for reading and checking together',
};

const tables: Readonly<Record<string, () => string>> = {
  codes: () => rows(['code', 'means'], CODES),
  features: () => rows(['feature', 'used by a program where'], FEATURES),
  limits: () =>
    table(
      ['limit', 'default', 'counts'],
      Object.entries(DEFAULT_LIMITS).map(([name, value]) => [
        code(name),
        value.toLocaleString('en-US'),
        limits[name as keyof typeof limits],
      ]),
    ),
};

function rows(head: readonly string[], entries: Readonly<Record<string, string>>): string {
  return table(
    head,
    Object.entries(entries).map(([name, meaning]) => [code(name), meaning]),
  );
}

/** The page with its tables made anew. @throws Error where a marked place of the page has no table, or a table no place */
export function openqasmReadme(text = readFileSync(join(root, path), 'utf8')): Document {
  const missing = new Set(Object.keys(tables));
  const places = /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end of generated -->)/g;
  const made = text.replace(places, (_, open: string, name: string, close: string) => {
    missing.delete(name);
    const build = tables[name];
    if (build === undefined) throw new Error(`${path}: no table is called ${name}`);
    return `${open}\n${build()}\n${close}`;
  });
  if (missing.size > 0) throw new Error(`${path}: no place for the table ${[...missing].join(', ')}`);
  return { path, text: made };
}
