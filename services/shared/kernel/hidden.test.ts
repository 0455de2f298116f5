import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { Hidden } from './hidden.ts';

test('a hidden value shows itself only to reveal()', () => {
  const hidden = new Hidden('hunter2');
  assert.equal(hidden.reveal(), 'hunter2');
  const printed = [
    String(hidden),
    `${hidden}`,
    `a${hidden}`,
    JSON.stringify({ password: hidden }),
    inspect({ password: hidden }, { showHidden: true, depth: 9 }),
    inspect(hidden, { customInspect: false, showHidden: true }),
    format('%s %o %O %j', hidden, hidden, hidden, hidden),
    JSON.stringify(Object.entries(hidden)),
    JSON.stringify({ ...hidden }),
    new Error(`wrong: ${hidden}`).stack,
  ].join('\n');
  assert.ok(!printed.includes('hunter2'), printed);
  assert.match(printed, /\[hidden\]/);
});
