/** Who keeps a runner's statement waiting for a lock. */
import type { AdminSession } from './owner-transaction.ts';
import { openSideConnection, type SideConnection } from './side-connection.ts';
import { withoutValues } from './statements.ts';

const blockersSql = `
  select pid, coalesce(usename::text, backend_type, 'unknown') as role, coalesce(query, '') ~ 'to prevent wraparound' as "isUrgent", coalesce(state, 'unknown') as state, coalesce(query, '') as query,
         greatest(0, extract(epoch from clock_timestamp() - coalesce(xact_start, query_start, backend_start)))::integer as age
    from pg_stat_activity
   where pid in (select unnest(pg_blocking_pids(waiting.pid)) from pg_stat_activity as waiting where `;

/** How the waiting statement is found: by its backend, or by the comment it begins with where that is not known. */
export type Waiting = { readonly pid: number } | { readonly tag: string };

/**
 * Looks at a running statement's locks every now and then, over a connection of its own that is opened at the first
 * look only; most statements are over before that. What it can't see it leaves out: it never fails a migration.
 */
export class BlockerWatch implements AsyncDisposable {
  readonly #session: AdminSession;
  readonly #waiting: Waiting;
  readonly #everyMs: number;
  readonly #onBlocked: (blockers: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #side: Promise<SideConnection> | undefined;
  #over = false;
  #last = '';

  constructor(
    session: AdminSession,
    waiting: Waiting,
    { everyMs, onBlocked }: { everyMs: number; onBlocked: (blockers: string) => void },
  ) {
    this.#session = session;
    this.#waiting = waiting;
    this.#everyMs = everyMs;
    this.#onBlocked = onBlocked;
    this.#again();
  }

  #again(): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => {
      this.#look = this.#lookOnce()
        .catch(() => {})
        .finally(() => this.#again());
    }, this.#everyMs);
  }

  async #lookOnce(): Promise<void> {
    this.#side ??= openSideConnection(this.#session);
    const side = await this.#side;
    const byPid = 'pid' in this.#waiting;
    const { rows } = await side.query(
      `${blockersSql} ${byPid ? 'waiting.pid = $1' : `waiting.state = 'active' and starts_with(waiting.query, $1)`}) order by age desc`,
      [byPid ? (this.#waiting as { pid: number }).pid : (this.#waiting as { tag: string }).tag],
    );
    const pids = rows.map(({ pid }) => pid).join();
    if (pids === '' || pids === this.#last) return;
    this.#last = pids;
    this.#onBlocked(rows.map(describe).join('; and '));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    await this.#look;
    const side = await this.#side?.catch(() => undefined);
    await side?.[Symbol.asyncDispose]().catch(() => {});
  }
}

function describe({ pid, role, state, query, age, isUrgent }: Record<string, unknown>): string {
  const text = withoutValues(String(query));
  const note = isUrgent ? ', which PostgreSQL cancels for nobody: let it end' : '';
  return `process ${pid} of "${role}" (${state}, for ${age} s)${text ? `: ${text}` : ''}${note}`;
}
