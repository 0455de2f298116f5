import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The largest multiple of 62 that a byte can hold: bytes from here on would make some characters more likely. */
const unbiasedBytes = 248;

/** Characters from the system's random source, each of the 62 equally likely (5.95 bits a character). */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < unbiasedBytes && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** A non-negative whole number in base 62, padded with zeros to `length` characters. */
export function toBase62(value: number, length: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = alphabet[rest % 62] + text;
  return text.padStart(length, '0');
}
