/** Guarantee: whatever the numbers and whatever there is, the last good backup stays, and no more is kept than was asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Candidate, chooseKept, type Retention } from './choose-kept.ts';

const retentions: fc.Arbitrary<Retention> = fc.record({
  last: fc.nat(5),
  daily: fc.nat(9),
  weekly: fc.nat(6),
  monthly: fc.nat(14),
});

const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      database: fc.constantFrom('one', 'two'),
      takenAt: fc.date({ min: new Date('2025-12-20'), max: new Date('2027-01-10'), noInvalidDate: true }),
      verified: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((all) => all.map((candidate, index) => ({ ...candidate, name: `backup_${index}` })));

const newestOf = (all: readonly Candidate[]) =>
  all.reduce<Candidate | undefined>(
    (best, next) => (best && best.takenAt >= next.takenAt ? best : next),
    undefined,
  );

test('the newest one and the newest verified one of each database are never removed', () => {
  fc.assert(
    fc.property(candidates, retentions, (all, retention) => {
      const { kept } = chooseKept(all, retention);
      const ageKept = (own: readonly Candidate[]) =>
        own.length === 0 ||
        own.some(
          ({ name, takenAt }) => kept.has(name) && takenAt.getTime() === newestOf(own)?.takenAt.getTime(),
        );
      for (const database of ['one', 'two']) {
        const own = all.filter((candidate) => candidate.database === database);
        assert.ok(ageKept(own));
        assert.ok(ageKept(own.filter(({ verified }) => verified)));
      }
    }),
  );
});

test('each is kept for a reason or removed, and never more than the numbers add up to', () => {
  fc.assert(
    fc.property(candidates, retentions, (all, retention) => {
      const { kept, removed } = chooseKept(all, retention);
      assert.deepEqual([...kept.keys(), ...removed].toSorted(), all.map(({ name }) => name).toSorted());
      const most = retention.last + retention.daily + retention.weekly + retention.monthly + 2;
      for (const database of ['one', 'two']) {
        const own = all.filter((candidate) => candidate.database === database && kept.has(candidate.name));
        assert.ok(own.length <= most);
      }
      for (const reasons of kept.values()) assert.ok(reasons.length > 0);
    }),
  );
});

test('what was kept stays kept when it is asked again, and the order of the list does not matter', () => {
  fc.assert(
    fc.property(candidates, retentions, (all, retention) => {
      const { kept, removed } = chooseKept(all, retention);
      const again = chooseKept(
        all.filter(({ name }) => kept.has(name)),
        retention,
      );
      assert.deepEqual(again.removed, []);
      assert.deepEqual(chooseKept(all.toReversed(), retention), { kept, removed });
    }),
  );
});

test('another database’s backups change nothing', () => {
  fc.assert(
    fc.property(candidates, retentions, (all, retention) => {
      const own = all.filter(({ database }) => database === 'one');
      const alone = chooseKept(own, retention).removed;
      const names = new Set(own.map(({ name }) => name));
      assert.deepEqual(
        chooseKept(all, retention).removed.filter((name) => names.has(name)),
        alone,
      );
    }),
  );
});

test('a year of daily backups comes down to the days, Mondays’ weeks and months of UTC', () => {
  const all = Array.from({ length: 365 }, (_, day) => {
    const takenAt = new Date(Date.UTC(2026, 0, 1 + day, 3));
    return { name: takenAt.toISOString().slice(0, 10), database: 'hub', takenAt, verified: false };
  });
  const { kept, removed } = chooseKept(all, { last: 2, daily: 3, weekly: 3, monthly: 3 });
  assert.deepEqual(Object.fromEntries(kept), {
    '2026-12-31': ['last', 'daily', 'weekly', 'monthly', 'the newest one'],
    '2026-12-30': ['last', 'daily'],
    '2026-12-29': ['daily'],
    '2026-12-27': ['weekly'],
    '2026-12-20': ['weekly'],
    '2026-11-30': ['monthly'],
    '2026-10-31': ['monthly'],
  });
  assert.equal(removed.length, 365 - 7);
  assert.equal(removed[0], '2026-01-01');
});

test('without a verified one nothing but the newest is safe; with one, that stays too', () => {
  const at = (day: number, verified: boolean): Candidate => ({
    name: `day_${day}`,
    database: 'hub',
    takenAt: new Date(Date.UTC(2026, 0, day)),
    verified,
  });
  const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };
  assert.deepEqual(chooseKept([at(1, false), at(2, false)], none).removed, ['day_1']);
  assert.deepEqual(chooseKept([at(1, true), at(2, true), at(3, false), at(4, false)], none).removed, [
    'day_1',
    'day_3',
  ]);
});
