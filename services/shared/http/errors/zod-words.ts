import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Their patterns fill half a screen and say nothing to people. */
export const formats: Readonly<Record<string, string>> = {
  uuid: 'a UUID, such as 019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11',
  datetime: 'a time of ISO 8601, such as 2026-11-23T10:15:00Z',
  email: 'an address of e-mail, such as ada@example.org',
};

/** What is counted where a size is wrong. */
const units: Readonly<Record<string, (count: string) => string>> = {
  string: (count) => `${count} ${count === '1' ? 'character' : 'characters'}`,
  array: (count) => `${count} ${count === '1' ? 'entry' : 'entries'}`,
};

/** In the words of every other error here: what was expected. undefined: zod's own words, or those of the schema. */
export function wordsOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'is missing; ' : ''}expected ${types[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return `expected ${formats[issue.format] ?? issue.pattern ?? issue.format}`;
    case 'unrecognized_keys':
      return `there is no ${issue.keys.map((key) => `"${key}"`).join(', ')} here`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'expected a text that is not empty';
      return sized(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return sized(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    default:
      return undefined;
  }
}

function sized(bound: string, count: number | bigint, origin: string): string {
  return `expected ${bound} ${units[origin]?.(String(count)) ?? count}`;
}
