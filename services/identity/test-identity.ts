/** A hub of identity alone, over HTTP and on a database of its own, that remembers every secret it gave out. */
import assert from 'node:assert/strict';
import { constraintCodes, type Database, openDatabase, ormOptions } from '@quantum-hub/database';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { createLimiter } from '@quantum-hub/http';
import { startTestHub, type TestAnswer, type TestHub } from '@quantum-hub/http/testing';
import { Hidden, newId } from '@quantum-hub/kernel';
import { ensureAdministrator, type Identity, type IdentityOptions, startIdentity } from './index.ts';
import { Sealer } from './secrets/sealer.ts';

export const testSecretKey = new Hidden('a key of the server that only tests know');
export const testPassword = 'marble otter sings at noon';

/** Everybody in a test comes from one address; a test of limits has rules of its own. */
const many = { requests: 100_000, windowSeconds: 3600 };
const generous = { address: many, account: many, both: many };
const noLimits = {
  'sign-in': generous,
  'sign-up': generous,
  reset: generous,
  address: many,
  anonymous: many,
  credential: many,
};

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  /** Of the session that was opened for them. */
  readonly token: string;
}

export interface TestIdentityOptions extends Partial<IdentityOptions> {
  readonly rules?: Parameters<typeof createLimiter>[1];
}

const anySecret = /qh_(?:live|test|session|verify|reset)_[0-9A-Za-z]{49}/g;

export class TestIdentity implements AsyncDisposable {
  readonly test: TestDatabase;
  readonly identity: Identity;
  readonly hub: TestHub;
  /** Every token and key that an answer or a mail showed. */
  readonly issued = new Set<string>();
  readonly #database: Database;
  #people = 0;

  constructor(parts: Pick<TestIdentity, 'test' | 'identity' | 'hub'>, database: Database) {
    this.test = parts.test;
    this.identity = parts.identity;
    this.hub = parts.hub;
    this.#database = database;
  }

  async request(
    method: string,
    path: string,
    as?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestAnswer> {
    const answer = await this.hub.request(method, path, { as, body, headers });
    const shown = `${JSON.stringify(answer.body)} ${answer.headers.getSetCookie().join(' ')}`;
    for (const [secret] of shown.matchAll(anySecret)) this.issued.add(secret);
    return answer;
  }

  /** Signs somebody up and in. */
  async person(username = `person${++this.#people}-${newId().slice(-6)}`): Promise<Person> {
    const email = `${username}@example.org`;
    const made = await this.request('POST', '/v1/signup', undefined, {
      username,
      password: testPassword,
      email,
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return { id: made.body.id, username, email, token: await this.signIn(username) };
  }

  async signIn(account: string, password = testPassword): Promise<string> {
    const answer = await this.request('POST', '/v1/sessions', undefined, { account, password });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.token;
  }

  /** The first administrator's key. */
  async administrator(): Promise<string> {
    const made = await ensureAdministrator();
    assert.ok(made, 'the first administrator is made once');
    this.issued.add(made.key.reveal());
    return made.key.reveal();
  }

  async key(token: string, scopes: readonly string[], more: object = {}): Promise<TestAnswer['body']> {
    const answer = await this.request('POST', '/v1/keys', token, { name: 'test', scopes, ...more });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  }

  /** The token in the newest mail of this kind, opened with the server's key as the sender does. */
  async mailedToken(userId: string, template: 'verify_email' | 'reset_password'): Promise<string> {
    const { rows } = await this.test.admin.query(
      'select id, sealed_token, seal_key_id from identity.outbox_mails where user_id = $1 and template = $2 order by id desc limit 1',
      [userId, template],
    );
    assert.ok(rows[0]?.sealed_token, `a mail ${template} with a token`);
    const token = new Sealer(testSecretKey).open(
      { sealed: rows[0].sealed_token, keyId: rows[0].seal_key_id },
      rows[0].id,
    );
    this.issued.add(token);
    return token;
  }

  async countMails(userId: string, template: string): Promise<number> {
    const { rows } = await this.test.admin.query(
      'select count(*)::int as count from identity.outbox_mails where user_id = $1 and template = $2',
      [userId, template],
    );
    return rows[0].count;
  }

  /** Actions and outcomes of the log of an account, oldest first. */
  async events(userId: string): Promise<string[]> {
    const { rows } = await this.test.admin.query(
      `select action || ' ' || outcome as event from identity.audit_events where user_id = $1 order by id`,
      [userId],
    );
    return rows.map(({ event }) => event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]();
    await this.identity[Symbol.asyncDispose]();
    await this.#database.close();
    await this.test[Symbol.asyncDispose]();
  }
}

export async function startTestIdentity({
  rules,
  ...options
}: TestIdentityOptions = {}): Promise<TestIdentity> {
  const test = await createTestDatabase();
  const database = await openDatabase({
    connection: test.application,
    service: 'test',
    orm: ormOptions,
    constraintCodes,
    roles: ['identity', 'steward'],
  });
  const limiter = createLimiter('identity', { ...noLimits, ...rules });
  const identity = startIdentity({
    limiter,
    secretKey: testSecretKey,
    publicUrl: 'https://hub.example.org/',
    resetFloorMs: 0,
    ...options,
  });
  const hub = await startTestHub({
    services: [identity.routes],
    authenticate: identity.authenticate,
    limiter,
  });
  return new TestIdentity({ test, identity, hub }, database);
}
