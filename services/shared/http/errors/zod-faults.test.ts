/** Guarantee: what a schema refuses is told with its place and in words; no value, and no pattern that fills half a screen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { faultsOf, faultsText } from './zod-faults.ts';

test('formats are told by an example, patterns of ours as they are', () => {
  const schema = z.object({
    id: z.uuid(),
    at: z.iso.datetime({ offset: true }),
    'a/b~': z.string().regex(/^[a-z]+$/),
  });
  const secret = 'Correct Horse';
  const { error } = schema.safeParse({ id: secret, at: secret, 'a/b~': secret });
  const faults = faultsOf('body', error?.issues ?? []);
  assert.deepEqual(
    faults.map(({ path, expected }) => [path, expected]),
    [
      ['/body/id', 'a UUID, such as 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11'],
      ['/body/at', 'a time of ISO 8601, such as 2026-11-23T10:15:00Z'],
      ['/body/a~1b~0', '/^[a-z]+$/'],
    ],
  );
  assert.equal(JSON.stringify(faults).includes(secret), false);
});

test('of more faults than anybody corrects at once the first are told, and how many more there are', () => {
  const { error } = z.array(z.string()).safeParse(Array.from({ length: 10_000 }, (_, index) => index));
  const issues = error?.issues ?? [];
  const faults = faultsOf('body', issues);
  assert.equal(faults.length, 51);
  assert.deepEqual(faults.at(-1), { path: '/body', code: 'more', message: '9950 more places are wrong' });
  assert.match(faultsText(faults, issues.length), /^\/body\/0: .*; and 9997 more$/);
});
