/** Guarantee: over all processes never more than the limit is let through, and who is refused is told for how long. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { constraintCodes, type Database, openDatabase, ormOptions } from '@quantum-hub/database';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { Hidden } from '@quantum-hub/kernel';
import { deleteEndedWindows } from '../queries/rate-windows.ts';
import { addressGroup } from './address.ts';
import { createLimiter } from './limiter.ts';

let place: TestDatabase;
let database: Database;

before(async () => {
  place = await createTestDatabase();
  const connection = { ...place.application, password: new Hidden(place.application.password) };
  database = await openDatabase({ connection, service: 'test', orm: ormOptions, constraintCodes });
});
after(async () => {
  await database.close();
  await place[Symbol.asyncDispose]();
});

const countAll = async (
  limiters: readonly ReturnType<typeof createLimiter>[],
  subject: string,
  rule: Rule,
) => {
  const tries = limiters.flatMap((limiter) =>
    Array.from({ length: 100 }, () => limiter.count(subject, rule)),
  );
  const outcomes = await Promise.allSettled(tries);
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
};
type Rule = { requests: number; windowSeconds: number };

test('three processes that ask at once get the limit together, and none more', async () => {
  const limiters = [createLimiter('identity'), createLimiter('execution'), createLimiter('identity')];
  assert.equal(await countAll(limiters, 'a', { requests: 60, windowSeconds: 600 }), 60);
  assert.equal(
    await countAll(limiters, 'b', { requests: 7, windowSeconds: 600 }),
    7,
    'and a small limit exactly',
  );
});

test('a process that holds a share unused costs the others a twentieth at most', async () => {
  const [idle, busy] = [createLimiter('identity'), createLimiter('identity')];
  const rule = { requests: 100, windowSeconds: 600 };
  await idle.count('c', rule);
  const got = await countAll([busy, busy], 'c', rule);
  assert.ok(got >= 95 && got <= 99, `${got} of 99`);
});

test('a window that is over begins anew, and is swept when nobody comes', async () => {
  const rule = { requests: 1, windowSeconds: 600 };
  await createLimiter('identity').count('d', rule);
  await assert.rejects(createLimiter('identity').count('d', rule), {
    code: 'http.rate_limited',
    status: 429,
  });
  await place.admin.query(`update hub.rate_windows set ends_at = now() - interval '1 s'`);
  await createLimiter('identity').count('d', rule);
  await place.admin.query(`update hub.rate_windows set ends_at = now() - interval '1 s'`);
  await deleteEndedWindows('execution');
  const { rows } = await place.admin.query('select count(*)::int as count from hub.rate_windows');
  assert.equal(rows[0].count, 0);
});

test('an account is counted however it is written, by account and by address', async () => {
  const strict = {
    address: { requests: 99, windowSeconds: 600 },
    account: { requests: 3, windowSeconds: 600 },
    both: { requests: 2, windowSeconds: 600 },
  };
  const limiter = createLimiter('identity', { 'sign-in': strict });
  await limiter.take('sign-in', { account: 'Ada@Example.org', address: '192.0.2.1' });
  await limiter.take('sign-in', { account: ' ada@example.org', address: '192.0.2.1' });
  const again = { account: 'ada@example.org', address: '192.0.2.1' };
  await assert.rejects(limiter.take('sign-in', again), { code: 'http.rate_limited' });
  await limiter.take('sign-in', { ...again, address: '192.0.2.2' });
  await assert.rejects(limiter.take('sign-in', { ...again, address: '192.0.2.3' }), {
    code: 'http.rate_limited',
  });
  await limiter.take('sign-in', { account: 'bob', address: '192.0.2.1' });
});

test('a user is counted apart from whatever is typed, told by an answer and not by an error, in all processes', async () => {
  const rule = (requests: number) => ({ requests, windowSeconds: 600 });
  const rules = { reset: { address: rule(99), account: rule(3), both: rule(2) } };
  const [one, two] = [createLimiter('identity', rules), createLimiter('execution', rules)];
  const of = (address: string) => ({ user: 'u-1', address });
  await one.take('reset', { account: 'u-1', address: '192.0.2.1' });
  await one.take('reset', { account: 'user u-1', address: '192.0.2.1' });
  const answers = [];
  for (const limiter of [one, two, one, two])
    answers.push(await limiter.takeQuietly('reset', of('192.0.2.1')));
  assert.deepEqual(answers, [true, true, false, false]);
  assert.equal(
    await two.takeQuietly('reset', of('192.0.2.2')),
    true,
    'refused tries did not count for others',
  );
  assert.equal(await one.takeQuietly('reset', of('192.0.2.3')), false, 'three at the account');
  await assert.rejects(one.take('reset', of('192.0.2.4')), { code: 'http.rate_limited' });
});

test('IPv6 counts by /64, IPv4 inside IPv6 as IPv4', () => {
  assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.equal(addressGroup('2001:DB8:1:2::9'), '2001:db8:1:2::/64');
  assert.equal(addressGroup('::1'), '0:0:0:0::/64');
  assert.equal(addressGroup('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(addressGroup('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(addressGroup('192.0.2.1'), '192.0.2.1');
});
