import { usageFault } from '../../faults.ts';

/** The major of PostgreSQL that `--major` names. */
export function majorOption(text: string | undefined, help: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d$/.test(text)) return Number(text);
  throw usageFault(`--major is "${text}"; expected a major of PostgreSQL, such as 17`, help);
}
