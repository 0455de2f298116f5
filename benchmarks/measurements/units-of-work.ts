import type { Db } from '@quantum-hub/database';
import { uuidv7Floor } from '@quantum-hub/kernel';
import { type Contender, compare, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { type Acting, AutocommitDoor, type Send, throughGetDb, throughPg } from '../hub/doors.ts';
import { type Hub, poolSize } from '../hub/open-hub.ts';
import type { People } from '../hub/seed-people.ts';
import { findApiKey, findApiKeyByEntity, findApiKeyByKysely } from '../operations/find-api-key.ts';
import { insertJob, insertJobByEntities, insertJobByKysely } from '../operations/insert-job.ts';
import { newestJobs, newestJobsAsEntities, newestJobsByKysely } from '../operations/newest-jobs.ts';

/** One operation through each door; `n` counts the runs, so that each takes another user. */
interface Operation {
  readonly title: string;
  readonly as: Acting['as'];
  readonly send: (send: Send, n: number) => Promise<unknown>;
  readonly kysely: (db: Db, n: number) => Promise<unknown>;
  readonly entities: (db: Db, n: number) => Promise<unknown>;
}

/** What `getDb` shall at least reach of bare pg's speed. */
const aim = 0.8;

function operations(people: People, now: Date): Operation[] {
  const user = (n: number) => people.users[n % people.users.length] as string;
  const keyHash = (n: number) => people.keyHashes[n % people.keyHashes.length] as Buffer;
  const job = (n: number) => ({ user: user(n), platform: people.platform, device: people.device });
  const page = (n: number) => ({ user: user(n), before: uuidv7Floor(now) });
  return [
    {
      title: 'find an API key by its hash',
      as: 'identity',
      send: (send, n) => findApiKey(send, keyHash(n)),
      kysely: (db, n) => findApiKeyByKysely(db, keyHash(n)),
      entities: (db, n) => findApiKeyByEntity(db, keyHash(n)),
    },
    {
      title: "page through a user's jobs",
      as: 'execution',
      send: (send, n) => newestJobs(send, page(n)),
      kysely: (db, n) => newestJobsByKysely(db, page(n)),
      entities: (db, n) => newestJobsAsEntities(db, page(n)),
    },
    {
      title: 'insert a job',
      as: 'execution',
      send: (send, n) => insertJob(send, job(n)),
      kysely: (db, n) => insertJobByKysely(db, job(n)),
      entities: (db, n) => insertJobByEntities(db, job(n)),
    },
  ];
}

function contenders(hub: Hub, people: People, operation: Operation, autocommit: Send): Contender[] {
  let n = 0;
  const next = (run: (acting: Acting, n: number) => Promise<unknown>) => () => {
    n += 1;
    return run({ as: operation.as, actor: people.users[n % people.users.length] as string }, n);
  };
  const { send, kysely, entities } = operation;
  return [
    { name: 'bare pg', run: next((acting, n) => throughPg(hub, acting, (by) => send(by, n))) },
    {
      name: 'getDb',
      run: next((acting, n) => throughGetDb(hub, acting, (db) => send((s) => db.query(s), n))),
    },
    { name: 'getDb, Kysely', run: next((acting, n) => throughGetDb(hub, acting, (db) => kysely(db, n))) },
    { name: 'getDb, entities', run: next((acting, n) => throughGetDb(hub, acting, (db) => entities(db, n))) },
    // Its connections act for one user, the first.
    { name: 'bare pg, autocommit', run: () => send(autocommit, 0) },
  ];
}

/**
 * Three small units of work through each door, against bare pg that does the same: role, actor and transaction opened in
 * one message, prepared statement, commit, pool of the same size. Only `getDb` has an aim, the rest is for information.
 */
export async function unitsOfWork(hub: Hub, people: People, now: Date, plan: Plan): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const whole = { ...plan, concurrency: poolSize };
  for (const operation of operations(people, now)) {
    const { as, title } = operation;
    await using autocommit = new AutocommitDoor(hub, { as, actor: people.users[0] as string });
    const rows = await compare(contenders(hub, people, operation, autocommit.send), whole);
    const value = rows.find(({ name }) => name === 'getDb')?.ratio ?? 0;
    comparisons.push({
      title,
      plan: whole,
      rows,
      aims: [{ what: 'getDb against bare pg', value, atLeast: aim }],
    });
  }
  return comparisons;
}
