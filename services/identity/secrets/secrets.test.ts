/** Guarantee: slow hashes are bounded and equal for all, sealed texts open only where they were sealed, uses cost one write a minute. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hidden } from '@quantum-hub/kernel';
import fc from 'fast-check';
import { Gate } from './gate.ts';
import { Passwords } from './passwords.ts';
import { Sealer } from './sealer.ts';
import { countingHash } from './test-counting-hash.ts';
import { type Use, UseRecorder } from './use-recorder.ts';

describe('passwords', () => {
  it('are hashed by Argon2id with 19 MiB, two passes and one lane, each with a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, two] = [await passwords.hash('same'), await passwords.hash('same')];
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.notEqual(one, two);
    assert.equal(passwords.needsRehash(one), false);
    assert.deepEqual(
      [await passwords.verify(one, 'same'), await passwords.verify(one, 'other')],
      [true, false],
    );
  });

  it('are checked once where there is no hash to check against, and never right', async () => {
    const counting = countingHash();
    const passwords = new Passwords({ algorithm: counting.algorithm });
    for (const missing of [undefined, null]) {
      const before = counting.verifies;
      assert.equal(await passwords.verify(missing, 'a password that opens nothing'), false);
      assert.equal(counting.verifies - before, 1);
    }
  });

  it('may be typed with composed or decomposed letters', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('Schrödinger'.normalize('NFC'));
    assert.equal(await passwords.verify(stored, 'Schrödinger'.normalize('NFD')), true);
  });
});

describe('the gate', () => {
  it('never lets in more than it may, serves in order, and refuses when the line is full', async () => {
    const gate = new Gate(2, 3, () => new Error('full'));
    const order: number[] = [];
    let inside = 0;
    const release: (() => void)[] = [];
    const tasks = [0, 1, 2, 3, 4].map((number) =>
      gate.run(async () => {
        inside += 1;
        assert.ok(inside <= 2);
        order.push(number);
        await new Promise<void>((resolve) => release.push(resolve));
        inside -= 1;
      }),
    );
    await assert.rejects(
      gate.run(async () => {}),
      /full/,
    );
    while (order.length < 5 || release.length > 0) {
      release.shift()?.();
      await new Promise(setImmediate);
    }
    await Promise.all(tasks);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
    await gate.run(async () => {});
  });

  it('gives its place back when a task fails', async () => {
    const gate = new Gate(1, 0, () => new Error('full'));
    await assert.rejects(
      gate.run(async () => Promise.reject(new Error('task'))),
      /task/,
    );
    assert.equal(await gate.run(async () => 'free'), 'free');
  });
});

describe('sealed texts', () => {
  const sealer = new Sealer(new Hidden('a key of the server'));

  it('open where they were sealed, and differ each time', () => {
    fc.assert(
      fc.property(fc.string(), fc.uuid(), (text, row) => {
        const [one, two] = [sealer.seal(text, row), sealer.seal(text, row)];
        assert.equal(sealer.open(one, row), text);
        assert.ok(!one.sealed.equals(two.sealed));
      }),
    );
  });

  it('open in no other row, with no other key, and not when any bit was changed', () => {
    const { sealed, keyId } = sealer.seal('secret', 'row');
    const broken = { code: 'identity.seal_broken' };
    assert.throws(() => sealer.open({ sealed, keyId }, 'other row'), broken);
    assert.throws(() => new Sealer(new Hidden('another key')).open({ sealed, keyId }, 'row'), broken);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => sealer.open({ sealed: altered, keyId }, 'row'), broken);
    }
  });
});

describe('the recorder of uses', () => {
  it('writes each credential once a minute however often it is used, and all of them together', async () => {
    let now = new Date('2026-11-23T00:00:00Z');
    const written: [string, Use[]][] = [];
    await using recorder = new UseRecorder(async (kind, uses) => void written.push([kind, [...uses]]), {
      clock: () => now,
      delayMs: 1_000_000,
      log: (error) => assert.fail(String(error)),
    });
    const later = (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    };
    for (let use = 0; use < 5; use += 1) recorder.record('user_api_keys', 'a');
    recorder.record('user_api_keys', 'b');
    recorder.record('user_sessions', 's');
    await recorder.flush();
    later(59);
    recorder.record('user_api_keys', 'a');
    await recorder.flush();
    assert.deepEqual(
      written.map(([kind, uses]) => [kind, uses.map(({ id }) => id)]),
      [
        ['user_api_keys', ['a', 'b']],
        ['user_sessions', ['s']],
      ],
    );
    later(1);
    recorder.record('user_api_keys', 'a');
    await recorder.flush();
    assert.deepEqual(written.at(-1), ['user_api_keys', [{ id: 'a', at: now }]]);
  });

  it('logs a write that fails and goes on', async () => {
    const logged: unknown[] = [];
    await using recorder = new UseRecorder(async () => Promise.reject(new Error('away')), {
      clock: () => new Date(),
      delayMs: 1_000_000,
      log: (error) => logged.push(error),
    });
    recorder.record('user_sessions', 's');
    await recorder.flush();
    assert.match(String(logged), /away/);
  });
});
