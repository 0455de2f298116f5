/** Guarantee: people see and change what is theirs, take all of it along, and leave without a trace of their person. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hubError } from '@quantum-hub/kernel';
import { startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

let hub: TestIdentity;
const deleted: string[] = [];
let refuses = false;

/** A service with a state of its own, as those of the hub are. */
class Jobs {
  readonly service = 'execution';
  readonly #kept = (userId: string) => ({ jobs: [{ of: userId }] });

  async exportAccount(userId: string): Promise<unknown> {
    return this.#kept(userId);
  }

  async beforeDeletion(userId: string): Promise<void> {
    if (refuses) throw hubError('execution.job_finished');
    deleted.push(userId);
  }
}

before(async () => {
  hub = await startTestIdentity({ participants: [new Jobs()] });
});
after(async () => await hub[Symbol.asyncDispose]());

describe('the account', () => {
  it('gets another name, in the state that was read, and the log keeps the former one', async () => {
    const { id, token } = await hub.person('renamed');
    const read = await hub.request('GET', '/v1/me', token);
    const headers = { 'if-match': String(read.headers.get('etag')) };
    await hub.signIn('renamed');
    const changed = await hub.request(
      'PATCH',
      '/v1/me',
      token,
      { username: 'Renamed2', fullName: 'R.' },
      headers,
    );
    assert.deepEqual([changed.body.username, changed.body.fullName], ['Renamed2', 'R.']);
    assert.equal((await hub.request('PATCH', '/v1/me', token, { fullName: 'S.' }, headers)).status, 412);
    assert.equal((await hub.request('PATCH', '/v1/me', token, { username: 'admin' })).status, 409);
    const { rows } = await hub.test.admin.query(
      `select details from identity.audit_events where user_id = $1 and action = 'account.changed'`,
      [id],
    );
    assert.deepEqual(rows, [{ details: { formerUsername: 'renamed' } }]);
  });

  it('has a profile, empty at first, replaced as a whole', async () => {
    const { token } = await hub.person();
    const empty = { organization: null, bio: null, avatarUrl: null, contactInfo: {}, socialLinks: {} };
    assert.deepEqual((await hub.request('GET', '/v1/me/profile', token)).body, empty);
    const profile = {
      ...empty,
      bio: 'x',
      contactInfo: { country: 'Germany' },
      socialLinks: { orcid: 'https://orcid.org/1' },
    };
    assert.deepEqual((await hub.request('PUT', '/v1/me/profile', token, profile)).body, profile);
    assert.deepEqual((await hub.request('PUT', '/v1/me/profile', token, { bio: 'y' })).body, {
      ...empty,
      bio: 'y',
    });
    assert.equal((await hub.request('PUT', '/v1/me/profile', token, { avatarUrl: 'http://x' })).status, 400);
  });

  it('gets another password: all sessions end, the caller has a new one, keys stay unless told otherwise', async () => {
    const { username, token } = await hub.person();
    const other = await hub.signIn(username);
    const { key } = await hub.key(other, ['identity:read']);
    const change = async (as: string, body: object) => await hub.request('PUT', '/v1/me/password', as, body);
    const newPassword = 'another marble otter sings';
    assert.equal((await change(token, { currentPassword: 'wrong', newPassword })).status, 403);
    assert.equal((await change(token, { currentPassword: testPassword, newPassword: 'short' })).status, 422);
    const { status, body } = await change(token, { currentPassword: testPassword, newPassword });
    assert.equal(status, 201);
    const alive = async (secret: string) => (await hub.request('GET', '/v1/me', secret)).status;
    assert.deepEqual(
      [await alive(token), await alive(other), await alive(body.token), await alive(key)],
      [401, 401, 200, 200],
    );
    await change(body.token, { currentPassword: newPassword, newPassword: testPassword, revokeKeys: true });
    assert.equal(await alive(key), 401);
  });
});

describe('the export', () => {
  it('holds all rows of the person in every table of identity and what other services keep, and no secret', async () => {
    const { id, token } = await hub.person();
    await hub.key(token, ['identity:read']);
    await hub.request('PUT', '/v1/me/profile', token, { bio: 'mine' });
    const { body } = await hub.request('GET', '/v1/me/export', token);
    const { account, profile, apiKeys, sessions, mails, auditEvents } = body.identity;
    assert.deepEqual(
      [account.id, profile.bio, apiKeys.length, sessions.length, mails.length],
      [id, 'mine', 1, 1, 1],
    );
    assert.deepEqual(
      auditEvents.map(({ action }: { action: string }) => action),
      ['account.exported', 'key.created', 'session.created', 'account.created'],
    );
    assert.deepEqual(body.services, { execution: { jobs: [{ of: id }] } });
    for (const secret of hub.issued) assert.ok(!JSON.stringify(body).includes(secret));
    assert.doesNotMatch(JSON.stringify(body), /argon2|sealed|hash/i);
  });
});

describe('deletion', () => {
  it('asks for the password, lets other services refuse, and then takes the person out of every table', async () => {
    const person = await hub.person();
    const { key } = await hub.key(person.token, ['identity:read']);
    await hub.request('PUT', '/v1/me/profile', person.token, { bio: 'mine' });
    const leave = async (password: string) =>
      await hub.request('DELETE', '/v1/me', person.token, { password });
    assert.equal((await leave('wrong')).status, 403);
    refuses = true;
    assert.equal((await leave(testPassword)).body.code, 'execution.job_finished');
    refuses = false;
    assert.equal((await leave(testPassword)).status, 204);
    assert.deepEqual(deleted, [person.id]);
    for (const secret of [person.token, key])
      assert.equal((await hub.request('GET', '/v1/me', secret)).status, 401);
    const { rows } = await hub.test.admin.query('select * from identity.users where id = $1', [person.id]);
    const { id, username, email, full_name, password_hash, roles, active, anonymised_at } = rows[0];
    assert.deepEqual(
      [id, username, email, full_name, password_hash, roles, active],
      [person.id, `deleted-${person.id.slice(-12)}`, null, null, null, [], false],
    );
    assert.ok(anonymised_at instanceof Date);
    for (const table of ['user_profiles', 'user_api_keys', 'user_sessions', 'email_tokens', 'outbox_mails']) {
      const left = await hub.test.admin.query(`select from identity.${table} where user_id = $1`, [
        person.id,
      ]);
      assert.equal(left.rows.length, 0, table);
    }
    assert.equal(
      (
        await hub.request('POST', '/v1/sessions', undefined, {
          account: person.username,
          password: testPassword,
        })
      ).status,
      401,
    );
  });

  it('tells the address, if one was shown, and keeps administrators', async () => {
    const person = await hub.person();
    await hub.request('POST', '/v1/email-verifications/confirm', undefined, {
      token: await hub.mailedToken(person.id, 'verify_email'),
    });
    await hub.test.admin.query(`update identity.users set roles = '{administrator}' where id = $1`, [
      person.id,
    ]);
    const leave = async () => await hub.request('DELETE', '/v1/me', person.token, { password: testPassword });
    assert.equal((await leave()).body.code, 'identity.administrator_stays');
    await hub.test.admin.query(`update identity.users set roles = '{consumer}' where id = $1`, [person.id]);
    assert.equal((await leave()).status, 204);
    assert.equal(await hub.countMails(person.id, 'account_deleted'), 1);
  });
});
