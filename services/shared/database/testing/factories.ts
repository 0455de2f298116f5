/**
 * Valid rows of every model, written by SQL as a role that may (an administrator's session in tests).
 * Each function takes columns by their SQL names, fills in the rest, and gives the stored row.
 * References that are not given are made too.
 */
import { randomBytes } from 'node:crypto';
import { newId } from '@quantum-hub/kernel';

export type SqlSession = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

/** Columns by name; a value that is an object is stored as JSON. */
export type Columns = Readonly<Record<string, unknown>>;
/** A stored row, as node-postgres reads it. */
export type Row = Record<string, unknown> & { readonly id: string };

/** Inserts one row into `schema.table` and gives it back; `id` is made where none is given. */
async function insertRow(client: SqlSession, table: string, columns: Columns): Promise<Row> {
  const row: Columns = { id: newId(), ...columns };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  const { rows } = await client.query(
    `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${places.join(', ')}) returning *`,
    Object.values(row).map(toParameter),
  );
  return rows[0] as Row;
}

function toParameter(value: unknown): unknown {
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? JSON.stringify(value) : value;
}

/** Twelve letters and digits that no other row has. */
function uniqueName(): string {
  return `x${randomBytes(6).toString('hex').slice(1)}`;
}

function uniqueHash(): Buffer {
  return randomBytes(32);
}

export async function makeUser(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const username = uniqueName();
  return await insertRow(client, 'identity.users', {
    username,
    email: `${username}@example.org`,
    full_name: 'Ada Example',
    ...columns,
  });
}

/** The id that stands in `columns`, or that of a row made now. */
async function referenced(columns: Columns, name: string, make: () => Promise<Row>): Promise<string> {
  return name in columns ? (columns[name] as string) : (await make()).id;
}

async function ofUser(client: SqlSession, columns: Columns): Promise<Columns> {
  return { ...columns, user_id: await referenced(columns, 'user_id', () => makeUser(client)) };
}

export async function makeProfile(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.user_profiles', {
    bio: 'Quantum.',
    ...(await ofUser(client, columns)),
  });
}

export async function makeApiKey(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.user_api_keys', {
    name: 'laptop',
    prefix: 'qh_live_abcd1234',
    key_hash: uniqueHash(),
    scopes: ['execution:read'],
    ...(await ofUser(client, columns)),
  });
}

export async function makeSession(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.user_sessions', {
    token_hash: uniqueHash(),
    expires_at: '2099-01-01T00:00:00Z',
    ip_address: '192.0.2.1',
    ...(await ofUser(client, columns)),
  });
}

export async function makeEmailToken(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.email_tokens', {
    purpose: 'verify_email',
    email: `${uniqueName()}@example.org`,
    token_hash: uniqueHash(),
    expires_at: '2099-01-01T00:00:00Z',
    ...(await ofUser(client, columns)),
  });
}

export async function makeOutboxMail(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.outbox_mails', {
    template: 'password_changed',
    recipient: `${uniqueName()}@example.org`,
    ...(await ofUser(client, columns)),
  });
}

export async function makeAuditEvent(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'identity.audit_events', {
    action: 'session.created',
    outcome: 'success',
    ...(await ofUser(client, columns)),
  });
}

export async function makeProject(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const owner_id = await referenced(columns, 'owner_id', () => makeUser(client));
  return await insertRow(client, 'development.projects', { name: uniqueName(), ...columns, owner_id });
}

/** A draft that only its developer sees; `published: true` puts it into the registry for everyone. */
export async function makeApp(
  client: SqlSession,
  { published = false, ...columns }: Columns & { readonly published?: boolean } = {},
): Promise<Row> {
  const registered = { status: 'published', visibility: 'public', published_at: '2026-11-01T00:00:00Z' };
  const developer_id = await referenced(columns, 'developer_id', () => makeUser(client));
  return await insertRow(client, 'development.quantum_apps', {
    slug: uniqueName(),
    name: 'An app',
    ...(published && registered),
    ...columns,
    developer_id,
  });
}

const bellProgram = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];';

/** A draft; `released: true` fills in what a release needs. */
export async function makeVersion(
  client: SqlSession,
  { released = false, ...columns }: Columns & { readonly released?: boolean } = {},
): Promise<Row> {
  const release = { status: 'released', released_at: '2026-11-02T00:00:00Z', content_hash: uniqueHash() };
  const app_id = await referenced(columns, 'app_id', () => makeApp(client));
  return await insertRow(client, 'development.app_versions', {
    version: '1.0.0',
    sdk: 'openqasm',
    program: bellProgram,
    program_language: 'openqasm3',
    ...(released && release),
    ...columns,
    app_id,
  });
}

export async function makeListing(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const lister_id = await referenced(columns, 'lister_id', () => makeUser(client));
  const app_id = await referenced(columns, 'app_id', () => makeApp(client, { developer_id: lister_id }));
  return await insertRow(client, 'marketplace.marketplace_listings', {
    title: 'An offer',
    status: 'active',
    price_minor: 1999,
    currency: 'EUR',
    ...columns,
    lister_id,
    app_id,
  });
}

export async function makeSubscription(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const app_id = await referenced(columns, 'app_id', () => makeApp(client));
  return await insertRow(client, 'marketplace.subscriptions', {
    currency: 'EUR',
    ...(await ofUser(client, columns)),
    app_id,
  });
}

export async function makeSubscriptionKey(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const subscription_id = await referenced(columns, 'subscription_id', () => makeSubscription(client));
  return await insertRow(client, 'marketplace.subscription_keys', {
    name: 'server',
    prefix: 'qh_sub_abcd1234',
    key_hash: uniqueHash(),
    ...columns,
    subscription_id,
  });
}

export async function makePlatform(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'execution.platforms', {
    name: uniqueName(),
    provider: 'Example',
    ...columns,
  });
}

export async function makeDevice(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const platform_id = await referenced(columns, 'platform_id', () => makePlatform(client));
  return await insertRow(client, 'execution.devices', {
    name: uniqueName(),
    qubits: 20,
    status: 'online',
    ...columns,
    platform_id,
  });
}

export async function makeDeviceSlot(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const device_id = await referenced(columns, 'device_id', () => makeDevice(client));
  return await insertRow(client, 'execution.device_slots', { slot_number: 0, ...columns, device_id });
}

/** A job with a program of its own; a final `status` gets the time that it needs. */
export async function makeJob(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const finished = ['completed', 'failed', 'cancelled'].includes(String(columns.status));
  const platform_id = await referenced(columns, 'platform_id', () => makePlatform(client));
  const device_id = await referenced(columns, 'device_id', () => makeDevice(client, { platform_id }));
  return await insertRow(client, 'execution.jobs', {
    name: 'Bell pair',
    program: bellProgram,
    program_language: 'openqasm3',
    ...(finished && { finished_at: '2026-11-03T00:00:00Z' }),
    ...(await ofUser(client, columns)),
    platform_id,
    device_id,
  });
}

/** `id` is the job's; without one a completed job is made. */
export async function makeJobResult(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const id = await referenced(columns, 'id', () => makeJob(client, { status: 'completed' }));
  return await insertRow(client, 'execution.job_results', {
    counts: { '00': 512, 11: 512 },
    shots: 1024,
    duration_ms: 12.5,
    ...columns,
    id,
  });
}

export async function makeDeviceEvent(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const device_id = await referenced(columns, 'device_id', () => makeDevice(client));
  return await insertRow(client, 'execution.device_events', {
    actor_id: newId(),
    credential_id: newId(),
    status_before: 'online',
    status_after: 'maintenance',
    ...columns,
    device_id,
  });
}

/** `id` is the job's. */
export async function makeJobQueueEntry(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const device_id = await referenced(columns, 'device_id', () => makeDevice(client));
  return await insertRow(client, 'execution.job_queue', { ...(await ofUser(client, columns)), device_id });
}

export async function makeIdempotencyKey(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'execution.job_idempotency_keys', {
    key: uniqueName(),
    job_id: newId(),
    request_hash: uniqueHash(),
    ...(await ofUser(client, columns)),
  });
}

export async function makeDeviceTurn(client: SqlSession, columns: Columns = {}): Promise<Row> {
  const device_id = await referenced(columns, 'device_id', () => makeDevice(client));
  return await insertRow(client, 'execution.device_turns', {
    last_started_at: '2026-11-03T00:00:00Z',
    ...(await ofUser(client, columns)),
    device_id,
  });
}

/** `id` is the job's. */
export async function makeJobEvent(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'execution.job_events', {
    number: 1,
    status: 'queued',
    origin: 'user',
    ...(await ofUser(client, columns)),
  });
}

/** `id` is the job's. */
export async function makeJobAttempt(client: SqlSession, columns: Columns = {}): Promise<Row> {
  return await insertRow(client, 'execution.job_attempts', {
    number: 1,
    worker_number: 1,
    worker_name: 'test:1',
    device_snapshot: {},
    ...(await ofUser(client, columns)),
  });
}
