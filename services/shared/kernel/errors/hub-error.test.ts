import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { catalogue, isErrorCode } from './catalogue.ts';
import type { ErrorEntry } from './entry.ts';
import { HubError, hubError, isHubError } from './hub-error.ts';

const entries = Object.entries<ErrorEntry>(catalogue);

test('an error carries its code, its status, both texts, its parameters and its cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = hubError('database.unreachable', { address: 'db.internal:5432' }, { cause });
  assert.ok(error instanceof Error);
  assert.equal(error.code, 'database.unreachable');
  assert.equal(error.status, 503);
  assert.match(error.message, /db\.internal:5432/);
  assert.doesNotMatch(error.publicMessage, /internal|5432|PostgreSQL/);
  assert.deepEqual(error.params, { address: 'db.internal:5432' });
  assert.equal(error.cause, cause);
  assert.match(inspect(error), /HubError.*no PostgreSQL answers/);
});

test('the stack begins where the error was made', () => {
  const error = hubError('database.not_open');
  assert.match(error.stack?.split('\n')[1] ?? '', /hub-error\.test\.ts/);
});

test('a group in brackets goes when its value is unknown, as after a constraint violation', () => {
  assert.equal(
    hubError('identity.username_taken', { username: 'ada' }).message,
    'the user name "ada" is taken; upper and lower case do not count: choose another',
  );
  assert.equal(
    hubError('identity.username_taken').message,
    'the user name is taken; upper and lower case do not count: choose another',
  );
});

test('a value cannot break a line, colour a terminal, turn the reading direction or flood a log', () => {
  const { message } = hubError('kernel.invalid_value', {
    name: 'limit',
    value: `1\n2\u001b[31m\u202e${'x'.repeat(5000)}`,
    expected: 'a number',
  });
  assert.match(message, /^limit is "1\\u000a2\\u001b\[31m\\u202ex+\.\.\."; expected a number$/);
  assert.ok(message.length < 1100);
});

test('a value that looks like a placeholder or a bracket stays text', () => {
  const { message } = hubError('kernel.invalid_value', {
    name: 'a',
    value: '{expected} [x] $&',
    expected: 'b',
  });
  assert.equal(message, 'a is "{expected} [x] $&"; expected b');
});

test('a code known only at run time makes an error too, and names a parameter that is missing', () => {
  assert.ok(isErrorCode('database.unreachable'));
  assert.equal(new HubError('database.unreachable').message.includes('(no address given)'), true);
  for (const wrong of ['database.nothing', 'toString', '__proto__', undefined])
    assert.equal(isErrorCode(wrong), false);
});

test('isHubError tells codes apart', () => {
  const error = hubError('database.closing');
  assert.ok(isHubError(error));
  assert.ok(isHubError(error, 'database.closing'));
  assert.equal(isHubError(error, 'database.not_open'), false);
  assert.equal(isHubError(new Error('database.closing')), false);
});

test('every code is <room>.<fact>, has an HTTP error status, and texts that say something', () => {
  for (const [code, entry] of entries) {
    assert.match(
      code,
      /^(kernel|database|http|identity|development|marketplace|execution)\.[a-z][a-z0-9_]*$/,
    );
    assert.ok(entry.status >= 400 && entry.status <= 599, `${code}: ${entry.status}`);
    for (const text of [entry.message, entry.publicMessage ?? entry.message]) {
      assert.ok(text.length >= 10 && !/[.!\n]$/.test(text), `${code}: ${text}`);
    }
    for (const text of [entry.why, entry.fix]) assert.match(text, /^[A-Z`].*\.$/s, `${code}: ${text}`);
  }
});

test('brackets and braces of every text are closed and not nested', () => {
  for (const [code, entry] of entries) {
    for (const text of [entry.message, entry.publicMessage ?? '']) {
      const rest = text.replace(/\[[^[\]]*\{\w+\}[^[\]]*\]/g, '').replace(/\{\w+\}/g, '');
      assert.doesNotMatch(rest, /[[\]{}]/, `${code}: ${text}`);
    }
  }
});

test('where a text for operators names hosts, folders or logins, callers get another one', () => {
  for (const [code, entry] of entries) {
    assert.doesNotMatch(
      entry.publicMessage ?? entry.message,
      /\{(address|path|dataDir|logFile|login|role|port|statement|constraint|sqlState)\}|POSTGRES|npx/,
      code,
    );
  }
});
