import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScratchDrill } from './drill-scratch.ts';
for (const engine of ['plain', 'pgbackrest'] as const) {
  test(`a drill ${engine}`, async () => {
    const record = await runScratchDrill(engine, { onProgress: console.log });
    console.log(JSON.stringify(record, null, 1));
    assert.equal(record.ok, true);
  });
}
