/** A whole hub on a database of its own, with people in it: for tests of what only the whole can show. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub } from '../../apps/hub/hub.ts';
import { createLog } from '../../apps/hub/log.ts';
import { readHubSettings } from '../../apps/hub/settings.ts';
import { readDatabaseConfig } from '../../services/shared/database/admin.ts';
import { createTestDatabase, type TestDatabase } from '../../services/shared/database/testing/index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of all shapes
  readonly body: any;
}

/** Somebody who has signed up and in. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  token: string;
}

const plenty = '1000000000';

export class FullHub implements AsyncDisposable {
  readonly url: string;
  readonly place: TestDatabase;
  /** All that was written to the log, line by line. */
  readonly log: readonly string[];
  /** Every secret that was given out or sent in. */
  readonly secrets = new Set<string>();
  readonly #parts: AsyncDisposable;
  #people = 0;

  constructor(facts: Pick<FullHub, 'url' | 'place' | 'log'>, parts: AsyncDisposable) {
    this.url = facts.url;
    this.place = facts.place;
    this.log = facts.log;
    this.#parts = parts;
  }

  async request(
    method: string,
    path: string,
    { as, body, headers }: { as?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(as && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || body instanceof Uint8Array ? (body as never) : JSON.stringify(body),
    });
    // A stream of events may go on for ever: its head is enough here.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    const read = isJson ? JSON.parse(text) : text;
    this.#learn(`${text} ${response.headers.getSetCookie().join(' ')} ${response.headers.get('location')}`);
    return { status: response.status, headers: response.headers, body: read };
  }

  /** Tokens and keys of every kind, and the signed part of links to results. */
  #learn(text: string): void {
    for (const [secret] of text.matchAll(/qh_[a-z]+_[0-9A-Za-z]{49}/g)) this.secrets.add(secret);
    for (const [, link] of text.matchAll(/\/v1\/blobs\/([\w-]{60,})/g)) this.secrets.add(link as string);
  }

  /** Signs somebody up, gives them roles, and signs them in. */
  async person(roles: readonly string[] = ['consumer']): Promise<Person> {
    this.#people += 1;
    const username = `person-${this.#people}`;
    const password = `marble otter ${this.#people} sings at noon`;
    this.secrets.add(password);
    const email = `${username}@example.org`;
    const made = await this.request('POST', '/v1/signup', { body: { username, password, email } });
    if (made.status !== 201) throw new Error(`sign-up: ${JSON.stringify(made.body)}`);
    await this.place.admin.query('update identity.users set roles = $2 where id = $1', [made.body.id, roles]);
    const person = { id: made.body.id, username, password, token: '' };
    await this.signIn(person);
    return person;
  }

  async signIn(person: Person): Promise<void> {
    const body = { account: person.username, password: person.password };
    const { status, body: answer } = await this.request('POST', '/v1/sessions', { body });
    if (status !== 201) throw new Error(`sign-in: ${JSON.stringify(answer)}`);
    person.token = answer.token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

export interface FullHubOptions {
  /** Settings of the hub beside those that tests need. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What stands between the hub and the server of its database; only messages and liveness locks go past it. */
  readonly pooler?: (place: TestDatabase) => Promise<AsyncDisposable & { host: string; port: number }>;
}

/** Starts all parts of a hub in this process, with limits that no test reaches. */
export async function startFullHub({ variables, pooler }: FullHubOptions = {}): Promise<FullHub> {
  // Taken back when the hub does not start.
  await using undo = new AsyncDisposableStack();
  const parts = undo.use(new AsyncDisposableStack());
  const home = await mkdtemp(join(tmpdir(), 'qhub-full-'));
  parts.defer(() => rm(home, { recursive: true, force: true }));
  const place = parts.use(await createTestDatabase());
  const { application, administrator } = place;
  const front = pooler ? parts.use(await pooler(place)) : application;
  const log: string[] = [];
  const plan = { requests: Number(plenty), windowSeconds: 60 };
  const settings = readHubSettings({
    QHUB_HTTP_PORT: '0',
    QHUB_RATE_LIMIT: plenty,
    QHUB_RATE_LIMIT_ADDRESS: plenty,
    QHUB_RATE_LIMIT_ANONYMOUS: plenty,
    ...variables,
  });
  const strict = { address: plan, account: plan, both: plan };
  const limits = { ...settings.http.limits, 'sign-in': strict, 'sign-up': strict, reset: strict };
  const hub = parts.use(
    await startHub({
      config: readDatabaseConfig({
        QHUB_HOME: home,
        POSTGRES_HOST: front.host,
        POSTGRES_PORT: String(front.port),
        POSTGRES_DIRECT_HOST: application.host,
        POSTGRES_DIRECT_PORT: String(application.port),
        POSTGRES_DB: application.database,
        POSTGRES_USER: application.user,
        POSTGRES_PASSWORD: application.password,
        POSTGRES_ADMIN_USER: administrator.user,
        POSTGRES_ADMIN_PASSWORD: administrator.password,
      }),
      settings: { ...settings, http: { ...settings.http, limits } },
      args: { role: 'all', services: ['identity', 'execution'] },
      log: createLog({ level: 'info', terminal: false, write: (line) => log.push(line) }),
      say: (line) => log.push(line),
    }),
  );
  const full = new FullHub({ url: hub.url ?? '', place, log }, parts);
  full.secrets.add((await readFile(join(home, 'secret-key'), 'utf8')).trim());
  for (const secret of [application.password, administrator.password, settings.http.metricsToken?.reveal()])
    if (secret !== undefined && secret !== '') full.secrets.add(secret);
  if (hub.administrator) full.secrets.add(hub.administrator.key.reveal());
  undo.move();
  return full;
}
