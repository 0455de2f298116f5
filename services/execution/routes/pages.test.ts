/** Guarantee: whoever follows the cursors of a list gets everything that was there at its start once, newest first, whatever is added or ends meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { TestDevice } from '../test-execution.ts';
import { TestService } from '../test-service.ts';

let service: TestService;
let device: TestDevice;
before(async () => {
  service = await TestService.start();
  device = await service.execution.makeDevice();
});
after(async () => await service?.[Symbol.asyncDispose]());

/** What happens between two pages. */
const between = fc.record({ limit: fc.integer({ min: 1, max: 7 }), added: fc.nat(3), cancelled: fc.nat(30) });

test('pages of jobs while jobs are submitted and cancelled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), fc.infiniteStream(between), async (count, steps) => {
      const person = await service.person();
      const submit = async () => await service.execution.submit(device, person.userId);
      const there: string[] = [];
      while (there.length < count) there.push(await submit());
      const seen: string[] = [];
      for (let cursor = ''; ; ) {
        const { limit, added, cancelled } = steps.next().value;
        const { status, body } = await service.hub.request('GET', `/v1/jobs?limit=${limit}${cursor}`, {
          as: person,
        });
        assert.equal(status, 200, JSON.stringify(body));
        assert.ok(body.items.length <= limit);
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        if (body.nextCursor === undefined) break;
        cursor = `&cursor=${body.nextCursor}`;
        for (let n = 0; n < added; n += 1) await submit();
        const ends = there[cancelled];
        if (ends !== undefined) await service.hub.request('POST', `/v1/jobs/${ends}/cancel`, { as: person });
      }
      assert.deepEqual(seen, there.toReversed());
    }),
    { numRuns: 12 },
  );
});
