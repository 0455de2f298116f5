import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againstPeers, bandwidth, frontEnd, quick, stabilizer, startUp } from './devices/measurements.ts';

test('every benchmark of devices runs, beside the peers that are installed, and gives figures for all its rows', async () => {
  const titles: string[] = [];
  for (const measure of [bandwidth, againstPeers, frontEnd, stabilizer, startUp]) {
    for (const { title, rows } of await measure(quick)) {
      titles.push(title);
      assert.ok(rows.length >= 1, title);
      for (const { name, ratio, p50Ms } of rows) {
        assert.ok(Number.isFinite(ratio) && ratio > 0 && p50Ms > 0, `${title}: ${name}`);
      }
    }
  }
  assert.ok(titles.length >= 8, titles.join('\n'));
});
