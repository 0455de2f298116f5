import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import { ProgramError } from '../program/operation.ts';
import { CODES } from '../source/diagnostic.ts';
import { validPrograms3 } from '../syntax/test-programs.ts';

const NUMBERS = [
  '0',
  '-1',
  '2',
  '63',
  '64',
  '65',
  '1000000',
  '9223372036854775808',
  '1e300',
  '1e-300',
  '0.5',
];
const SMALL = { operations: 2000, rounds: 2000, steps: 20_000, milliseconds: 1000 };

/** Numbers become others and names become others of the same program: what a mutation of letters seldom leaves right. */
const programs = fc
  .tuple(
    validPrograms3({ dynamic: true }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 4 }),
  )
  .map(([program, edits]) =>
    edits.reduce((text, [at, by, isNumber]) => {
      const found = [...text.matchAll(isNumber ? /\b\d+(?:\.\d+)?\b/g : /\b[a-z]\w*\b/g)];
      const place = found[at % Math.max(1, found.length)];
      if (place === undefined) return text;
      const other = isNumber ? NUMBERS[by % NUMBERS.length] : found[by % found.length]?.[0];
      return `${text.slice(0, place.index)}${other}${text.slice(place.index + place[0].length)}`;
    }, program),
  );

test('a program whose numbers and names were exchanged runs within its limits, or is refused at a place', () => {
  const seen = { ran: 0, refused: 0 };
  fc.assert(
    fc.property(programs, fc.array(fc.constantFrom(0, 1)), (text, outcomes) => {
      const result = compile(text);
      const bound = result.ok ? result.program.bind() : result;
      if (!bound.ok) {
        seen.refused++;
        const lines = text.split('\n').length;
        for (const { line, code, file } of bound.errors)
          assert.ok(code in CODES && line >= 1 && (file !== undefined || line <= lines));
        return;
      }
      const run = bound.start(SMALL);
      try {
        for (let operation = run.next(); operation; operation = run.next()) {
          if (operation.kind === 'measure') run.resolve(operation.id, (outcomes[operation.id] ?? 0) as 0 | 1);
        }
        seen.ran++;
      } catch (error) {
        assert.ok(error instanceof ProgramError, `${error}\n${text}`);
        seen.refused++;
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(seen.ran > 100 && seen.refused > 100, JSON.stringify(seen));
});
