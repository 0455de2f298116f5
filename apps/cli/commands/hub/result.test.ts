/** Guarantee: a large result is taken only as the hub wrote it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { HubClient } from '@quantum-hub/client';
import { fetchResult } from './result.ts';

const text = '{"kind":"counts"}';
const sha256 = createHash('sha256').update(text).digest('hex');

/** A hub whose blob store gives these bytes. */
function hubWith(sent: string): HubClient {
  const ask = async () => ({ location: 'https://hub/v1/blobs/x', sha256, bytes: text.length });
  return { ask, open: async () => new Response(sent) } as unknown as HubClient;
}

test('what came is what the hub wrote', async () => {
  assert.deepEqual(await fetchResult(hubWith(text), 'j'), { kind: 'counts' });
});

test('what was cut or changed is refused with its own code, what came and what was expected', async () => {
  for (const sent of ['', text.slice(0, -1), text.replace('counts', 'COUNTS')]) {
    await assert.rejects(fetchResult(hubWith(sent), 'j'), {
      code: 'kernel.result_damaged',
      message: new RegExp(`job j .*: ${sent.length} bytes, expected ${text.length} .*${sha256}`),
    });
  }
});
