/** Guarantee: however months are made and detached, no gap arises, the months ahead are there, and what is kept is kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addMonths, type Month, monthIndex, monthsBetween } from './months.ts';
import { coverageOf, isDue, missingMonths, type Span } from './plan.ts';

const first: Month = { year: 2026, month: 11 };
const beforeAll: Span = { from: undefined, to: first };
const spanOf = (month: Month): Span => ({ from: month, to: addMonths(month, 1) });
const covers = (spans: readonly Span[], month: Month) =>
  spans.some(
    ({ from, to }) => (!from || monthIndex(from) <= monthIndex(month)) && monthIndex(month) < monthIndex(to),
  );

const step = fc.record({
  /** How many months pass before it. */
  passed: fc.integer({ min: 0, max: 30 }),
  monthsAhead: fc.integer({ min: 0, max: 24 }),
  keepMonths: fc.integer({ min: 1, max: 36 }),
  detaches: fc.boolean(),
});

describe('any sequence of creating and detaching', () => {
  it('leaves months without a gap from the oldest kept to the last one ahead', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let spans: Span[] = [beforeAll];
        let now = first;
        for (const { passed, monthsAhead, keepMonths, detaches } of steps) {
          now = addMonths(now, passed);
          spans = [...spans, ...missingMonths(spans, first, addMonths(now, monthsAhead)).map(spanOf)];
          const kept = spans.filter((span) => !(detaches && isDue(span, now, keepMonths)));
          const lost = spans.filter((span) => !kept.includes(span));
          for (const { to } of lost) assert.ok(monthIndex(to) <= monthIndex(now) - keepMonths);
          spans = kept;
          const coverage = coverageOf(spans, first, now);
          assert.deepEqual(coverage.gaps, []);
          assert.ok(coverage.monthsAhead >= monthsAhead);
          assert.deepEqual(
            missingMonths(spans, first, addMonths(now, monthsAhead)),
            [],
            'nothing is made anew',
          );
        }
      }),
    );
  });

  it('makes each missing month once, whichever are missing', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 40 }), (there) => {
        const months = monthsBetween(first, addMonths(first, there.length - 1));
        const spans = [beforeAll, ...months.filter((_, index) => there[index]).map(spanOf)];
        const made = missingMonths(spans, first, months.at(-1) as Month);
        assert.deepEqual(
          made,
          months.filter((_, index) => !there[index]),
        );
        const whole = [...spans, ...made.map(spanOf)];
        assert.ok(months.every((month) => covers(whole, month)));
      }),
    );
  });
});

describe('coverageOf', () => {
  const months = (count: number) => monthsBetween(first, addMonths(first, count - 1)).map(spanOf);

  it('counts the months ahead to the first that is missing, and names the gaps', () => {
    const spans = [beforeAll, ...months(8)].filter((_, index) => index !== 4);
    assert.deepEqual(coverageOf(spans, first, first), { monthsAhead: 2, gaps: [{ year: 2027, month: 2 }] });
  });

  it('says -1 when this month itself has no partition', () => {
    assert.equal(coverageOf([beforeAll, ...months(2)], first, addMonths(first, 2)).monthsAhead, -1);
    assert.deepEqual(coverageOf([], first, first), { monthsAhead: -1, gaps: [] });
  });

  it('counts a partition of several months as each of them', () => {
    const wide: Span = { from: first, to: addMonths(first, 4) };
    assert.deepEqual(coverageOf([beforeAll, wide], first, first), { monthsAhead: 3, gaps: [] });
  });
});
