/** Guarantee: long passwords that nobody else has are taken, whatever they are made of; guessable ones are refused. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commonWords } from './common-words.ts';
import { normalisePassword, passwordFault, passwordLength } from './password-rules.ts';

const ada = { username: 'ada.lovelace', email: 'countess@example.org' };
const fault = (password: string) => passwordFault(password, ada);

describe('a password', () => {
  it('is judged by its characters after normalisation, from 12 to 200', () => {
    const lengths = fc.string({ unit: 'grapheme', maxLength: 260 });
    fc.assert(
      fc.property(lengths, (password) => {
        const length = [...password.normalize('NFKC')].length;
        const outside = length < passwordLength.min || length > passwordLength.max;
        assert.equal(/^has \d+ characters/.test(fault(password) ?? ''), outside);
      }),
    );
  });

  it('of random characters is taken, whatever kinds they are of: digits alone will do', () => {
    const kinds = ['abcdefghijklmnopqrstuvwxyz', '0123456789', '0123456789abcdef', 'äöüßéèñçøå'];
    for (const kind of kinds) {
      for (let round = 0; round < 50; round += 1) {
        const password = [...randomBytes(24)].map((byte) => kind[byte % kind.length]).join('');
        assert.equal(fault(password), undefined, password);
      }
    }
    for (const password of [
      'marble otter sings at noon',
      'Wo der Kaffee kalt wird',
      '正しい馬電池留め金はどこですか今',
      'vrxu ktje wpla oqmz',
    ])
      assert.equal(fault(password), undefined, password);
  });

  it('that lists of leaked passwords begin with is refused', () => {
    const leaked =
      `password1234 passwordpassword P@ssw0rd1234 123456789012 1234567890123 qwertyuiop12 qwertyuiopasdf
      iloveyou1234 administrator Admin12345678 welcome12345 Welcome2024!! letmein123456 changeme1234 abcdefghijkl
      abcd1234abcd aaaaaaaaaaaa abcabcabcabc 121212121212 1q2w3e4r1q2w3e4r monkey123456 dragonball12 football1234
      superman1234 Summer2026!! quantumhub123 QuantumHub2026 correcthorsebatterystaple correct-horse-battery-staple
      098765432109 trustno1trustno1 starwars1977 princess1234 sunshine2026 passw0rdpassw0rd qazwsxedcrfv`.split(
        /\s+/,
      );
    for (const password of leaked) assert.notEqual(fault(password), undefined, password);
  });

  it('is refused when it is made of common words and a few digits and signs, and of nothing else', () => {
    const word = fc.constantFrom(...commonWords);
    const dressed = fc.tuple(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.stringMatching(/^[0-9!$.]{0,4}$/),
    );
    fc.assert(
      fc.property(dressed, fc.boolean(), ([words, end], capitals) => {
        const password =
          words.map((one) => (capitals ? one.charAt(0).toUpperCase() + one.slice(1) : one)).join('') + end;
        assert.notEqual(fault(password), undefined, password);
      }),
    );
  });

  it('is not the name or the address with little beside', () => {
    for (const password of [
      'ada.lovelace1',
      'Ada.Lovelace2026',
      'countess@example.org',
      'xxcountessxx',
      'countesscountess',
    ]) {
      assert.match(fault(password) ?? '', /user name or the address|repeats|tried first/, password);
    }
    assert.equal(fault('countess of the analytical engine'), undefined);
  });

  it('is one, however a keyboard composes its letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (password) => {
        assert.equal(
          normalisePassword(password.normalize('NFD')),
          normalisePassword(password.normalize('NFC')),
        );
      }),
    );
  });

  it('as long as the body of a request allows is judged in milliseconds', () => {
    const begin = performance.now();
    fault('password'.repeat(2000));
    fault(`${'password'.repeat(24)}xyzzy`);
    assert.ok(performance.now() - begin < 1000);
  });
});
