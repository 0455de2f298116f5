/** Guarantee: what was kept long enough goes, and nothing younger. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { auditRetentionDays } from '@quantum-hub/database/models';
import { newId } from '@quantum-hub/kernel';
import { startTestIdentity, type TestIdentity } from '../test-identity.ts';
import { tidy } from './tidy.ts';

let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity();
});
after(async () => await hub[Symbol.asyncDispose]());

const day = 86_400_000;
/** An id as it was made so many days ago. */
function oldId(days: number): string {
  const hex = (Date.now() - days * day).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`;
}

it('removes ended sessions after 90 days, mails after 30, tokens when they are over, events after their retention', async () => {
  const { id: user } = await hub.person();
  const { admin } = hub.test;
  for (const days of [89, 91]) {
    await admin.query(
      `insert into identity.user_sessions (id, user_id, token_hash, issued_at, expires_at) values ($1, $2, $3, now() - interval '200 days', now() - make_interval(days => $4))`,
      [newId(), user, Buffer.from(newId().replaceAll('-', '')), days],
    );
  }
  for (const days of [29, 31]) {
    await admin.query(
      `insert into identity.outbox_mails (id, user_id, template, recipient) values ($1, $2, 'password_changed', 'a@b')`,
      [oldId(days), user],
    );
  }
  for (const sign of ['-', '']) {
    await admin.query(
      `insert into identity.outbox_mails (id, user_id, template, recipient, sealed_token, seal_key_id, expires_at)
       values ($1, $2, 'reset_password', 'a@b', $3, 'x', now() + interval '${sign}1 hour')`,
      [newId(), user, Buffer.alloc(40)],
    );
  }
  await admin.query('alter table identity.audit_events disable trigger a_set_times');
  for (const days of [auditRetentionDays - 1, auditRetentionDays + 1]) {
    await admin.query(
      `insert into identity.audit_events (id, action, outcome, user_id, created_at) values ($1, 'account.changed', 'success', $2, now() - make_interval(days => $3))`,
      [oldId(days), user, days],
    );
  }
  await admin.query('alter table identity.audit_events enable trigger a_set_times');
  const first = await tidy(() => new Date());
  assert.deepEqual(first, { tokens: 1, sessions: 1, mails: 1, auditEvents: 1 });
  assert.deepEqual(await tidy(() => new Date()), { tokens: 0, sessions: 0, mails: 0, auditEvents: 0 });
});
