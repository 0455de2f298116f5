/** What every command takes. */
export interface OutputOptions {
  readonly json?: boolean;
}

/** A result: one JSON document, or text for people. */
export function printResult({ json }: OutputOptions, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

/** Where lines about the progress go: programs that read JSON get none. */
export function progressTo({ json }: OutputOptions): (line: string) => void {
  return json ? () => {} : (line) => process.stderr.write(`${line}\n`);
}

/** Lines of a name and what it is, aligned; what is undefined is left out. */
export function facts(entries: readonly (readonly [string, string | undefined])[]): string {
  const known = entries.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A time for people, rounded up: `12 s`, `3 min`, `1.5 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
