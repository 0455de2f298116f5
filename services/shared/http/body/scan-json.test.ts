/** Guarantee: what is too deep or holds what PostgreSQL refuses is found before the text is read, and nothing else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from './read-json.ts';
import { scanJson } from './scan-json.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function holdsBadText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some((entry) => entry.some(holdsBadText));
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\0', '\ud800', '\udc00x', '\\u0000', '"[[[', '\\', '😀', ']]'),
);
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    text,
    fc.double(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(text, tie('node'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).node;

test('agrees with the value that the text stands for', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 6 }), fc.boolean(), (json, most, indented) => {
      const written = JSON.stringify(json, null, indented ? 2 : 0);
      const found = scanJson(written, most);
      if (found === undefined) {
        assert.ok(depthOf(json) <= most && !holdsBadText(JSON.parse(written)));
      } else if (found === 'too deep') assert.ok(depthOf(json) > most);
      else assert.ok(holdsBadText(JSON.parse(written)));
    }),
  );
});

test('reads what it lets through exactly as JSON does, and never throws anything but a problem', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (written) => {
      let expected: unknown;
      try {
        expected = JSON.parse(written);
      } catch {
        expected = undefined;
      }
      try {
        const found = readJson(Buffer.from(written), 100);
        if (written !== '') assert.deepEqual(found, expected);
      } catch (error) {
        assert.match(
          String((error as { code?: string }).code),
          /^http\.(invalid_json|invalid_text|json_too_deep)$/,
        );
      }
    }),
  );
});

test('a million open brackets cost one pass and no stack', () => {
  assert.equal(scanJson('['.repeat(1_000_000), 32), 'too deep');
});
