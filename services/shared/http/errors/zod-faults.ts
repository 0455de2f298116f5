import type { z } from 'zod';
import type { ProblemDetail } from './problem.ts';
import { formats } from './zod-words.ts';

type Issue = z.core.$ZodIssue;

/** RFC 6901: the members on the way, with / and ~ escaped. */
function pointer(part: string, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['', part, ...steps].join('/');
}

/** A caller chooses how many faults there are: enough to correct them is enough. */
const mostFaults = 50;

/**
 * What a schema refused, as places in the request; the last one says how many more there are, where there are too many.
 * Values are never repeated: a body may hold a password.
 */
export function faultsOf(part: 'params' | 'query' | 'body', issues: readonly Issue[]): ProblemDetail[] {
  const faults: ProblemDetail[] = issues.slice(0, mostFaults).map((issue) => ({
    path: pointer(part, issue.path),
    code: issue.code,
    message: issue.message,
    ...expectedOf(issue),
  }));
  const more = issues.length - mostFaults;
  if (more > 0) {
    const message = more === 1 ? '1 more place is wrong' : `${more} more places are wrong`;
    faults.push({ path: `/${part}`, code: 'more', message });
  }
  return faults;
}

function expectedOf(issue: Issue): { expected?: string } {
  if (issue.code === 'invalid_type') return { expected: issue.expected };
  if (issue.code === 'invalid_value') return { expected: issue.values.map(String).join(', ') };
  if (issue.code === 'invalid_format')
    return { expected: formats[issue.format] ?? issue.pattern ?? issue.format };
  return {};
}

/** For the one sentence: the first places, in words. @param count of all that is wrong, also what is not listed */
export function faultsText(faults: readonly ProblemDetail[], count: number): string {
  const first = faults.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  return count > 3 ? `${first.join('; ')}; and ${count - 3} more` : first.join('; ');
}
