import { Database, type Db } from '@quantum-hub/database';
import {
  createTestDatabase,
  makeDevice,
  makePlatform,
  type TestDatabase,
} from '@quantum-hub/database/testing';
import { newId } from '@quantum-hub/kernel';
import { type Claim, type ClaimedJob, claimJob } from '../../services/execution/queries/claim-job.ts';
import { compare } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { fillQueue } from './fill-queue.ts';
import type { QueueSizes } from './sizes.ts';

/** How much longer a claim may take with the large backlog. */
const flat = 1.5;

/** (c) The time of a claim, fair share and all, where few and where many jobs of the same number of users wait. */
export async function claimUnderBacklog({ claim: sizes }: QueueSizes): Promise<Comparison> {
  await using stack = new AsyncDisposableStack();
  const backlogs: Backlog[] = [];
  for (const jobs of sizes.queued) backlogs.push(stack.use(await Backlog.open(sizes.users, jobs)));
  const plan = { rounds: sizes.rounds, roundMs: sizes.roundMs, concurrency: 1 };
  const rows = await compare(
    backlogs.map(({ name, claim }) => ({ name, run: claim })),
    plan,
  );
  const plans: Record<string, readonly string[]> = {};
  for (const backlog of backlogs) plans[backlog.name] = await backlog.explain();
  return {
    title: `claiming a job, ${sizes.users} users wait`,
    plan,
    rows,
    plans,
    aims: [
      {
        what: `time with ${rows[1]?.name} against the first`,
        value: 1 / (rows[1]?.ratio ?? Number.NaN),
        atMost: flat,
      },
    ],
    notes: [
      'a claim is its transaction: role, slot, user, job, attempt and event, taken back at the end so that the backlog stays',
    ],
  };
}

class TakenBack extends Error {}

/** A hub in whose queue so many jobs wait for one device. */
class Backlog implements AsyncDisposable {
  readonly name: string;
  readonly #place: TestDatabase;
  readonly #database: Database;
  readonly #claim: Claim;

  private constructor(name: string, place: TestDatabase, claim: Claim) {
    this.name = name;
    this.#place = place;
    this.#claim = claim;
    this.#database = new Database({ connection: place.application, service: 'benchmarks', pool: { max: 1 } });
  }

  static async open(users: number, jobs: number): Promise<Backlog> {
    const place = await createTestDatabase();
    const platform = await makePlatform(place.admin);
    const device = await makeDevice(place.admin, { platform_id: platform.id, status: 'online' });
    await fillQueue(place.admin, { deviceId: device.id, platformId: platform.id, users, jobs });
    const claim = {
      deviceId: device.id,
      workerNumber: 1,
      workerName: 'benchmark:1',
      leaseSeconds: 30,
      // The default of `qhub serve`.
      runningPerUser: 16,
      deviceSnapshot: { name: 'benchmark' },
    };
    return new Backlog(`${jobs.toLocaleString('en')} jobs queued`, place, claim);
  }

  readonly claim = async (): Promise<void> => {
    let job: ClaimedJob | undefined;
    const takeBack = this.#asWorker(async (db) => {
      job = await claimJob(db, this.#claim);
      throw new TakenBack();
    });
    await takeBack.catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
    if (!job) throw new Error(`${this.name}, and none was claimed`);
  };

  /** The plan that the connection keeps of the statement that takes the job: the claim's first one. */
  async explain(): Promise<string[]> {
    let plan: string[] = [];
    const { deviceId, workerNumber, leaseSeconds, runningPerUser } = this.#claim;
    await this.#asWorker(async (db) => {
      const { rows } = await db.query(
        `explain (analyze, buffers) execute claim_job
           ('${deviceId}', ${workerNumber}, ${leaseSeconds}, '${newId()}', ${runningPerUser})`,
      );
      plan = rows.map((row) => String(row['QUERY PLAN']));
      throw new TakenBack();
    }).catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
    return plan;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
    await this.#place[Symbol.asyncDispose]();
  }

  #asWorker(work: (db: Db) => Promise<void>): Promise<void> {
    return this.#database.getDb((db) => work(db as unknown as Db), { as: 'worker', keepPlans: true });
  }
}
