/**
 * What a password must be: long, and not one that is tried first. There are no rules about kinds of characters, since
 * they make passwords shorter and no harder to guess (NIST SP 800-63B-4, 3.1.1.2).
 */
import { commonWords } from './common-words.ts';

/** In characters (code points) after normalisation. The upper bound only keeps nonsense away from the hash. */
export const passwordLength = { min: 12, max: 200 } as const;

/** How much of a password must be left beside the name or address in it. */
const restLength = 8;

/** A keyboard, the alphabet and the digits, each there and back: passwords are walks along these. */
const walks = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);

/** One text for one password, however a keyboard composes its accents. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** Why a password is refused, as the end of a sentence that begins with "the password"; undefined for a good one. */
export function passwordFault(
  password: string,
  owner: { readonly username: string; readonly email?: string | null },
): string | undefined {
  const text = normalisePassword(password);
  const length = [...text].length;
  if (length < passwordLength.min) return `has ${length} characters, expected at least ${passwordLength.min}`;
  if (length > passwordLength.max) return `has ${length} characters, expected at most ${passwordLength.max}`;
  const folded = text.toLowerCase();
  if (leansOn(folded, owner)) {
    return `is little more than the user name or the address, expected ${restLength} other characters at least`;
  }
  if (isRepetition(folded)) return 'repeats a few characters, expected more than that';
  if (isGuessable(folded)) return 'is among those that are tried first, expected one that nobody else has';
  return undefined;
}

function leansOn(folded: string, { username, email }: { username: string; email?: string | null }): boolean {
  const parts = [email, email?.split('@')[0], username].filter((part) => part && part.length >= 3);
  return parts.some((part) => {
    const rest = folded.replaceAll(String(part).toLowerCase(), '');
    return rest.length < folded.length && [...rest].length < restLength;
  });
}

/** `aaaaaaaaaaaa`, `abcabcabcabc`: a period of at most four characters. */
function isRepetition(folded: string): boolean {
  const characters = [...folded];
  return [1, 2, 3, 4].some((period) =>
    characters.every((character, index) => index < period || character === characters[index - period]),
  );
}

/** Letters that people write as digits and signs. */
const spoken: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Nothing but common words, walks along a keyboard, and a few digits and signs around and between them. */
function isGuessable(folded: string): boolean {
  const read = (text: string) => [...text].map((letter) => spoken[letter] ?? letter).join('');
  return [folded, read(folded)].some((text) => consistsOfCommonParts(text));
}

/** A common part, then another one, and so on to the end, with at most `loose` characters that belong to none. */
function consistsOfCommonParts(text: string, loose = 4): boolean {
  // best[i]: the fewest loose characters with which the first i characters can be explained.
  const best = [0];
  for (let end = 1; end <= text.length; end += 1) {
    best[end] = (best[end - 1] ?? 0) + 1;
    for (let start = Math.max(0, end - 26); start <= end - 3; start += 1) {
      const before = best[start] ?? 0;
      if (before < (best[end] ?? 0) && isCommonPart(text.slice(start, end))) best[end] = before;
    }
  }
  return (best[text.length] ?? 0) <= loose;
}

function isCommonPart(part: string): boolean {
  return commonWords.has(part) || isYear.test(part) || walks.some((walk) => walk.includes(part));
}

const isYear = /^(19|20)\d\d$/;
