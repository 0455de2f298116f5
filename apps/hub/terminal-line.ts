interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly detail?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

/** A line of JSON as a person reads it: time, level where it matters, what happened. */
export function terminalLine(json: string): string {
  const { level, time, msg = '', ...rest } = JSON.parse(json) as LogLine;
  const clock = time.slice(11, 19);
  const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
  if (rest.method !== undefined) {
    return `${clock} ${mark}${rest.method} ${rest.route} ${rest.status} ${rest.durationMs} ms\n`;
  }
  const detail = rest.detail ?? rest.err?.stack ?? rest.err?.message;
  return `${clock} ${mark}${msg}${detail === undefined ? '' : `: ${detail}`}\n`;
}
