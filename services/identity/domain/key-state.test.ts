/** Guarantee: no rotation and no chain of them lets a key live on beyond the end of the key that asks. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { earlier, outlives, replacementEnd } from './key-state.ts';
import { apiKeyScopes, isWithin } from './scopes.ts';

const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
const end = fc.option(date, { nil: null });

describe('the end of a replacement', () => {
  it('is never later than that of the key that asks', () => {
    fc.assert(
      fc.property(date, end, date, end, (createdAt, expiresAt, now, latest) => {
        assert.equal(outlives(replacementEnd({ createdAt, expiresAt }, now, latest), latest), false);
      }),
    );
  });

  it('gives the new key as long a life as the old one had, when a person asks', () => {
    fc.assert(
      fc.property(date, date, date, (createdAt, expiresAt, now) => {
        const replacement = replacementEnd({ createdAt, expiresAt }, now, null);
        assert.equal(Number(replacement) - Number(now), Number(expiresAt) - Number(createdAt));
        assert.equal(replacementEnd({ createdAt, expiresAt: null }, now, null), null);
      }),
    );
  });
});

describe('ends', () => {
  it('are compared with "never" as the latest of all', () => {
    fc.assert(
      fc.property(end, end, (one, other) => {
        const first = earlier(one, other);
        assert.equal(outlives(first, one), false);
        assert.equal(outlives(first, other), false);
        assert.ok(first === one || first === other);
        assert.equal(outlives(one, null), false);
        assert.equal(one === null && other !== null, outlives(one, other) && one === null);
      }),
    );
  });
});

describe('scopes', () => {
  it('are within those held exactly when each is; a session holds all', () => {
    const set = fc.uniqueArray(fc.constantFrom(...apiKeyScopes));
    fc.assert(
      fc.property(set, set, (wanted, held) => {
        assert.equal(isWithin(wanted, held), new Set([...held, ...wanted]).size === held.length);
        assert.equal(isWithin(wanted, 'all'), true);
      }),
    );
  });
});
