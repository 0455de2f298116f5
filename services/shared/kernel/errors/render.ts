import type { ErrorParam } from './entry.ts';

/** Longer values are cut: a message is read by people, and a caller chooses the length of what it sends. */
const longestValue = 1000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal or a log line
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function printable(value: ErrorParam): string {
  const text = String(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}

type Params = Readonly<Record<string, ErrorParam | undefined>>;

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => printable(params[name] ?? `(no ${name} given)`));
}

/** Puts parameters into a text of the catalogue; see `ErrorEntry.message` for its notation. */
export function renderText(text: string, params: Params): string {
  return text
    .split(/(\[[^\]]*\])/)
    .map((part) => {
      if (!part.startsWith('[')) return fill(part, params);
      const names = Array.from(part.matchAll(/\{(\w+)\}/g), (match) => match[1] as string);
      return names.every((name) => params[name] !== undefined) ? fill(part.slice(1, -1), params) : '';
    })
    .join('');
}
