/** Guarantee: what a schema refuses is told in words for people, which say what was expected and never what was given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { wordsOf } from './zod-words.ts';

const secret = 'Correct Horse';

test('every kind of refusal says what was expected', () => {
  const cases: readonly (readonly [z.ZodType, unknown, string])[] = [
    [z.string(), undefined, 'is missing; expected a text'],
    [z.int(), 1.5, 'expected a whole number'],
    [z.boolean(), secret, 'expected true or false'],
    [z.array(z.string()), secret, 'expected a list'],
    [z.object({}), secret, 'expected an object'],
    [z.int().max(200), 1000, 'expected at most 200'],
    [z.number().gt(0), 0, 'expected more than 0'],
    [z.string().min(1), '', 'expected a text that is not empty'],
    [z.string().min(12), 'short', 'expected at least 12 characters'],
    [z.string().max(5), secret, 'expected at most 5 characters'],
    [z.array(z.string()).max(1), [secret, secret], 'expected at most 1 entry'],
    [z.enum(['low', 'high']), secret, 'expected one of low, high'],
    [z.literal(true), secret, 'expected true'],
    [z.strictObject({}), { shotz: secret }, 'there is no "shotz" here'],
    [z.uuid(), secret, 'expected a UUID, such as 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11'],
    [z.string().regex(/^[a-z]+$/), secret, 'expected /^[a-z]+$/'],
    [z.string().refine(() => false, 'words of the schema'), secret, 'words of the schema'],
  ];
  for (const [schema, value, words] of cases) {
    const { error } = schema.safeParse(value, { error: wordsOf });
    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      [words],
    );
  }
});
