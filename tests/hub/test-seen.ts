/** What answers have shown, for later requests to name: without it a fuzz only ever asks for what is not there. */
import type { Reply } from './test-full-hub.ts';

/** Values that fuzzed requests have in place of what is only known once a request is made. */
const placeholder = /\b(mine|any|tag|cursor|code)-(\d+)\b/g;

/** `/v1/jobs/x/events`, `/v1/operator/jobs/x/cancel` and `/v1/admin/users/x`: jobs, jobs, users. */
function kindOf(path: string): string {
  const [, , first = '', second = ''] = path.split('?')[0]?.split('/') ?? [];
  return first === 'operator' || first === 'admin' ? second : first;
}

export class Seen {
  readonly #lists = new Map<string, string[]>();

  keep(list: string, value: unknown): void {
    if (typeof value !== 'string') return;
    const values = this.#lists.get(list) ?? [];
    if (values.includes(value)) return;
    this.#lists.set(list, values);
    // The newest only, since the older are often gone.
    if (values.push(value) > 20) values.shift();
  }

  /** Ids are kept with whose they are; a list shows those of its own kind. */
  learn(who: string, path: string, { status, body, headers }: Reply): void {
    const kind = kindOf(path);
    this.keep('tag', headers.get('etag'));
    this.keep('code', body?.code);
    this.keep(`cursor ${who} ${kind}`, body?.nextCursor);
    if (status === 404 || status === 410) this.#forget(kind, path);
    if (status >= 300) return;
    for (const { id } of [body, ...(Array.isArray(body?.items) ? body.items : [])].filter(Boolean)) {
      this.keep(`${who} ${kind}`, id);
      this.keep(`any ${kind}`, id);
    }
  }

  /** Keys, sessions and accounts end; a job stays, whatever one of its parts is not. */
  #forget(kind: string, path: string): void {
    if (kind === 'jobs') return;
    for (const [list, values] of this.#lists) {
      if (list.endsWith(` ${kind}`))
        this.#lists.set(
          list,
          values.filter((value) => !path.includes(value)),
        );
    }
  }

  /** A text of a request with its placeholders filled in; what was never seen stays and names nothing. */
  fill(text: string, who: string, path: string): string {
    const kind = kindOf(path);
    const lists: Readonly<Record<string, string>> = {
      mine: `${who} ${kind}`,
      any: `any ${kind}`,
      tag: 'tag',
      cursor: `cursor ${who} ${kind}`,
      code: 'code',
    };
    return text.replace(placeholder, (name, list: string, at: string) => {
      const values = this.#lists.get(lists[list] ?? '') ?? [];
      return values[Number(at) % Math.max(1, values.length)] ?? name;
    });
  }
}
