import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMoment, momentMs, targetSettings } from './target.ts';

test('a moment needs its zone, because the server’s may be another', () => {
  for (const moment of ['2026-11-22T14:59:00Z', '2026-11-22 14:59:00.123456+02', '2026-11-22T14:59-05:30']) {
    assert.equal(isMoment(moment), true, moment);
  }
  for (const text of [
    '2026-11-22T14:59:00',
    'yesterday',
    '2026-13-22T14:59:00Z',
    "2026-11-22T14:59:00Z' or",
  ]) {
    assert.equal(isMoment(text), false, text);
  }
  assert.equal(momentMs('2026-11-22 14:59:00+02'), Date.parse('2026-11-22T12:59:00Z'));
});

test('PostgreSQL gets a zone that it knows before it has read its zones', () => {
  const settings = targetSettings({ kind: 'time', time: '2026-11-22T14:59:00.5Z' });
  assert.equal(settings.recovery_target_time, '2026-11-22 14:59:00.5+00');
});
