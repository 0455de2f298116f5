import assert from 'node:assert/strict';
import { it } from 'node:test';
import { scramVerifier } from './scram.ts';

it('a verifier is the one of RFC 7677 for its password and salt', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  assert.equal(
    scramVerifier('pencil', salt),
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

it('passwords that look the same have the same verifier, as for libpq and the server', () => {
  const salt = Buffer.alloc(16, 7);
  const composed = scramVerifier('p\u00e4ss word', salt);
  assert.equal(scramVerifier('pa\u0308ss\u00a0wo\u00adrd', salt), composed);
  assert.notEqual(scramVerifier('pass word', salt), composed);
});

it('two verifiers of one password differ, since each has its own salt', () => {
  assert.notEqual(scramVerifier('pencil'), scramVerifier('pencil'));
});

it('an empty password is refused', () => {
  assert.throws(() => scramVerifier(''), /password is empty/);
});
