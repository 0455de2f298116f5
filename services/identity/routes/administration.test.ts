/** Guarantee: administrators see and change others, never themselves, never so that none is left; operators see the outbox. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureAdministrator, issueAdministratorKey } from '../index.ts';
import { type Person, startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

let hub: TestIdentity;
let admin: string;
let adminId: string;
before(async () => {
  hub = await startTestIdentity();
  admin = await hub.administrator();
  adminId = (await hub.request('GET', '/v1/me', admin)).body.id;
});
after(async () => await hub[Symbol.asyncDispose]());

const change = async (as: string, id: string, body: object, headers?: Record<string, string>) =>
  await hub.request('PATCH', `/v1/admin/users/${id}`, as, body, headers);
async function withRoles(...roles: string[]): Promise<Person> {
  const person = await hub.person();
  assert.equal((await change(admin, person.id, { roles })).status, 200);
  return { ...person, token: await hub.signIn(person.username) };
}

describe('the first administrator', () => {
  it('is made once, with a key that may everything and no password', async () => {
    assert.equal(await ensureAdministrator(), undefined);
    const { body } = await hub.request('GET', '/v1/me', admin);
    assert.deepEqual([body.username, body.email, body.hasPassword], ['admin', null, false]);
    assert.ok(body.roles.includes('administrator'));
  });

  it('is made by one of two hubs that start at once', async () => {
    await hub.test.admin.query(`update identity.users set roles = '{}', username = 'former' where id = $1`, [
      adminId,
    ]);
    const made = (await Promise.all([ensureAdministrator(), ensureAdministrator()])).filter(
      (one) => one !== undefined,
    );
    await hub.test.admin.query(
      `update identity.users set roles = '{}', active = false where username = 'admin'`,
    );
    await hub.test.admin.query(`update identity.users set roles = '{operator,administrator}' where id = $1`, [
      adminId,
    ]);
    for (const { key } of made) hub.issued.add(key.reveal());
    assert.equal(made.length, 1);
  });

  it('gets another key from the host when the first is lost, the others revoked if asked', async () => {
    const issued = await issueAdministratorKey();
    assert.deepEqual([issued.username, issued.revoked], ['former', 0]);
    const other = await issueAdministratorKey({ username: 'Former', revokeOthers: true });
    for (const { key } of [issued, other]) hub.issued.add(key.reveal());
    assert.equal(other.revoked, 2);
    const alive = async (key: string) => (await hub.request('GET', '/v1/me', key)).status;
    assert.deepEqual(
      [await alive(admin), await alive(issued.key.reveal()), await alive(other.key.reveal())],
      [401, 401, 200],
    );
    admin = other.key.reveal();
    await assert.rejects(issueAdministratorKey({ username: 'nobody' }), {
      code: 'identity.administrator_not_found',
    });
  });
});

describe('users', () => {
  it('are listed by page, beginning of the name, role and state, to administrators only', async () => {
    const operator = await withRoles('operator');
    const off = await withRoles('consumer', 'developer');
    await change(admin, off.id, { active: false });
    const list = async (query: string) =>
      (await hub.request('GET', `/v1/admin/users?${query}`, admin)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    assert.deepEqual(await list(`username=${operator.username.toUpperCase()}`), [operator.id]);
    assert.deepEqual(await list('role=developer&active=false'), [off.id]);
    assert.deepEqual(await list('limit=1'), [off.id]);
    for (const path of ['/v1/admin/users', `/v1/admin/users/${off.id}`]) {
      const answer = await hub.request('GET', path, operator.token);
      assert.deepEqual([answer.status, answer.body.code], [403, 'http.role_missing'], path);
    }
  });

  it('get and lose roles, in the state that was read, and their sessions end', async () => {
    const person = await hub.person();
    const read = await hub.request('GET', `/v1/admin/users/${person.id}`, admin);
    const headers = { 'if-match': String(read.headers.get('etag')) };
    await hub.signIn(person.username);
    const changed = await change(admin, person.id, { roles: ['consumer', 'provider'] }, headers);
    assert.deepEqual(changed.body.roles, ['consumer', 'provider']);
    assert.equal((await change(admin, person.id, { roles: [] }, headers)).status, 412);
    assert.equal((await hub.request('GET', '/v1/me', person.token)).status, 401);
    const { rows } = await hub.test.admin.query('select is_provider from identity.users where id = $1', [
      person.id,
    ]);
    assert.deepEqual(rows, [{ is_provider: true }]);
    const { body } = await hub.request(
      'GET',
      '/v1/audit-events?action=roles.changed',
      await hub.signIn(person.username),
    );
    assert.deepEqual(
      body.items.map(({ actorId, details }: { actorId: string; details: object }) => [actorId, details]),
      [[adminId, { before: 'consumer', after: 'consumer provider' }]],
    );
  });

  it('that are switched off can neither sign in nor use a key, until they are switched on', async () => {
    const person = await hub.person();
    const { key } = await hub.key(person.token, ['identity:read']);
    await change(admin, person.id, { active: false });
    assert.equal((await hub.request('GET', '/v1/me', key)).status, 401);
    await change(admin, person.id, { active: true });
    assert.equal((await hub.request('GET', '/v1/me', key)).status, 200);
  });

  it('do not raise themselves: neither by a role of their own nor by a key', async () => {
    const person = await hub.person();
    assert.equal((await change(person.token, person.id, { roles: ['administrator'] })).status, 403);
    const own = await change(admin, adminId, { roles: ['consumer', 'administrator'] });
    assert.deepEqual([own.status, own.body.code], [403, 'identity.own_account']);
    const raised = {
      roles: ['operator'],
      active: true,
      verified: true,
      isProvider: true,
      email: 'x@example.org',
    };
    for (const [field, value] of Object.entries(raised)) {
      for (const [method, path, as, body] of [
        ['PATCH', '/v1/me', person.token, { fullName: 'X' }],
        ['PUT', '/v1/me/profile', person.token, { bio: 'X' }],
        ['POST', '/v1/sessions', undefined, { account: person.username, password: testPassword }],
        ['POST', '/v1/keys', person.token, { name: 'x', scopes: [] }],
      ] as const) {
        const { status } = await hub.request(method, path, as, { ...body, [field]: value });
        assert.equal(status, 400, `${field} in ${path}`);
      }
    }
    const operate = { name: 'x', scopes: ['hub:operate'] };
    const made = await hub.request('POST', '/v1/keys', person.token, operate);
    assert.deepEqual([made.status, made.body.code], [403, 'identity.scope_not_yours']);
  });

  it('that are no operators any more have keys of one, which do nothing and are not renewed', async () => {
    const { id, token, username } = await withRoles('consumer', 'operator');
    const made = await hub.key(token, ['hub:operate']);
    const mails = async () => (await hub.request('GET', '/v1/admin/mails', made.key)).status;
    assert.equal(await mails(), 200);
    await change(admin, id, { roles: ['consumer'] });
    assert.equal(await mails(), 403);
    const renewed = await hub.request('POST', `/v1/keys/${made.id}/rotate`, await hub.signIn(username), {});
    assert.deepEqual([renewed.status, renewed.body.code], [403, 'identity.scope_not_yours']);
  });

  it('always have an administrator: of two who demote each other at once one stays', async () => {
    for (let round = 0; round < 3; round += 1) {
      const second = await withRoles('administrator');
      const answers = await Promise.all([
        change(admin, second.id, { roles: [] }),
        change(second.token, adminId, { active: false }),
      ]);
      const { rows } = await hub.test.admin.query(
        `select id from identity.users where active and 'administrator' = any(roles)`,
      );
      assert.equal(rows.length, 1, JSON.stringify(answers.map(({ status, body }) => [status, body.code])));
      await hub.test.admin.query(
        `update identity.users set active = true, roles = '{operator,administrator}' where id = $1`,
        [adminId],
      );
      await hub.test.admin.query(`update identity.users set roles = '{}' where id = $1`, [second.id]);
    }
  });
});

describe('the audit log', () => {
  it("shows people their own events, and administrators everybody's", async () => {
    const [one, two] = [await hub.person(), await hub.person()];
    const own = (await hub.request('GET', `/v1/audit-events?userId=${two.id}`, one.token)).body.items;
    assert.ok(own.length >= 2 && own.every(({ userId }: { userId: string }) => userId === one.id));
    const refused = await hub.request('GET', '/v1/audit-events?everybody=true', one.token);
    assert.deepEqual([refused.status, refused.body.code], [403, 'http.role_missing']);
    const all = (await hub.request('GET', `/v1/audit-events?everybody=true&userId=${two.id}`, admin)).body
      .items;
    assert.deepEqual(
      all.map(({ action }: { action: string }) => action),
      ['session.created', 'account.created'],
    );
  });

  it('says who did what, when, from where, with what and in which request, and nothing secret', async () => {
    const person = await hub.person();
    const begin = Date.now();
    const made = await hub.request('POST', '/v1/keys', person.token, { name: 'robot', scopes: [] });
    const { items } = (await hub.request('GET', '/v1/audit-events?action=key.created', person.token)).body;
    const { id: _id, occurredAt, credentialId, userAgent, ...event } = items[0];
    assert.deepEqual(event, {
      action: 'key.created',
      outcome: 'success',
      userId: person.id,
      actorId: person.id,
      target: made.body.id,
      ipAddress: '127.0.0.1',
      requestId: made.headers.get('x-request-id'),
      details: { scopes: '' },
    });
    assert.ok(Math.abs(Date.parse(occurredAt) - begin) < 60_000 && userAgent !== null);
    const sessions = (await hub.request('GET', '/v1/sessions', person.token)).body.items;
    assert.equal(credentialId, sessions[0].id);
    for (const secret of hub.issued) assert.ok(!JSON.stringify(items).includes(secret));
  });

  it('is only added to: identity and the steward may neither change nor delete an event', async () => {
    for (const role of ['qhub_identity', 'qhub_steward', 'qhub_execution']) {
      for (const [statement, fails] of [
        [`update identity.audit_events set outcome = 'refused'`, true],
        ['truncate identity.audit_events', true],
        ['delete from identity.audit_events returning id', role !== 'qhub_steward'],
      ] as const) {
        await hub.test.admin.query('begin');
        await hub.test.admin.query(`set local role ${role}`);
        const done = hub.test.admin.query(statement);
        if (fails) await assert.rejects(done, { code: '42501' }, `${role}: ${statement}`);
        else assert.equal((await done).rowCount, 0, 'none of the last 400 days');
        await hub.test.admin.query('rollback');
      }
    }
  });
});

describe('the outbox', () => {
  it('shows operators whole mails where no mail server is, and the log of the account says so', async () => {
    const operator = await withRoles('operator');
    const person = await hub.person();
    const { body } = await hub.request('GET', '/v1/admin/mails?limit=5', operator.token);
    const mail = body.items.find(({ userId }: { userId: string }) => userId === person.id);
    assert.deepEqual(
      [mail.username, mail.template, mail.recipient, mail.sentAt],
      [person.username, 'verify_email', person.email, null],
    );
    assert.ok(mail.text.includes(await hub.mailedToken(person.id, 'verify_email')));
    assert.ok((await hub.events(person.id)).includes('mail.shown success'));
    const refused = await hub.request('GET', '/v1/admin/mails', person.token);
    assert.deepEqual([refused.status, refused.body.code], [403, 'http.role_missing']);
  });

  it("shows an administrator's token to administrators only: an operator could become one by it", async () => {
    const operator = await withRoles('operator');
    const boss = await withRoles('administrator');
    await hub.request('POST', '/v1/password-resets', undefined, { account: boss.username });
    const texts = async (as: string) =>
      (await hub.request('GET', '/v1/admin/mails', as)).body.items
        .filter(
          ({ userId, template }: { userId: string; template: string }) =>
            userId === boss.id && template === 'reset_password',
        )
        .map(({ text }: { text: string | null }) => text !== null);
    assert.deepEqual([await texts(operator.token), await texts(admin)], [[false], [true]]);
  });
});
