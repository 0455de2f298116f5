import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTransient, retried } from './retry.ts';

const failure = (code: string, message = 'failed') => Object.assign(new Error(message), { code });

describe('retried', () => {
  it('tries again what goes away by itself, until it succeeds', async () => {
    const failures = [failure('23505'), failure('XX000', 'tuple concurrently updated'), failure('55P03')];
    const result = await retried(async () => {
      const next = failures.shift();
      if (next) throw next;
      return 'done';
    });
    assert.equal(result, 'done');
  });

  it('gives up after a fixed number of attempts, with the last error', async () => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      throw failure('40P01', `attempt ${attempts}`);
    };
    await assert.rejects(retried(work, 3), /attempt 3/);
    assert.equal(attempts, 3);
  });

  it('does not try again what would fail again', async () => {
    for (const error of [
      failure('42501'),
      failure('QHP01'),
      failure('XX000', 'cache lookup failed'),
      new Error('no code'),
    ]) {
      assert.equal(isTransient(error), false, error.message);
      let attempts = 0;
      await assert.rejects(
        retried(async () => {
          attempts += 1;
          throw error;
        }),
      );
      assert.equal(attempts, 1);
    }
  });
});
