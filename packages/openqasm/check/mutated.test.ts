import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import { CODES } from '../source/diagnostic.ts';

const corpus = resolve(import.meta.dirname, '../../../devices/conformance/corpus');
const programs = globSync('*/*.qasm', { cwd: corpus }).map((file) =>
  readFileSync(join(corpus, file), 'latin1'),
);
const SCRAPS = (
  'qubit bit int[8] uint float angle[4] array[int,2] input const let def gate ctrl @ inv @ pow(2) @ if (c==1) for int i in [0:3] while switch ' +
  'case measure reset return break q c i 0 -1 1.5 "01" {0,1} [0] [0:1] ++ ( ) { } ; = += << ** % && ! ~ pi sin(1) $0 gphase(1) U(1,2,3) end; 2im true'
).split(' ');

describe('a program with stretches cut out, doubled or replaced', () => {
  it('compiles or has positioned errors of known codes, and features and inputs where it compiles', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(), fc.nat(12), fc.array(fc.constantFrom(...SCRAPS), { maxLength: 4 })),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...programs), edits, (program, changes) => {
        let text = program;
        for (const [at, length, scraps] of changes) {
          const from = at % (text.length + 1);
          text = `${text.slice(0, from)} ${scraps.join(' ')} ${text.slice(from + length)}`;
        }
        const result = compile(text);
        const lines = text.split(/\r\n|\r|\n/);
        if (result.ok) {
          result.program.features();
          result.program.inputs();
          result.program.bind();
          return;
        }
        assert.ok(result.errors.length > 0);
        for (const { line, column, length, code } of result.errors) {
          const width = lines[line - 1]?.length ?? -1;
          assert.ok(
            code in CODES && column >= 1 && column - 1 + length <= width + (width === 0 ? 1 : 0),
            `${line}:${column}+${length}`,
          );
        }
      }),
      { numRuns: 800 },
    );
  });
});
