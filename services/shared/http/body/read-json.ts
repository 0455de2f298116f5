import { hubError } from '@quantum-hub/kernel';
import { scanJson } from './scan-json.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads a body as JSON. Throws `http.invalid_json`, `http.json_too_deep` or `http.invalid_text`; undefined for an empty
 * body, which a route without a body takes.
 */
export function readJson(bytes: Buffer, mostDepth: number): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  const fault = scanJson(text, mostDepth);
  if (fault === 'too deep') throw hubError('http.json_too_deep', { most: mostDepth });
  if (fault) throw hubError('http.invalid_text', { part: 'body', what: fault });
  try {
    return JSON.parse(text, /__proto__|\\u005f/i.test(text) ? refuseProto : undefined);
  } catch (error) {
    throw hubError('http.invalid_json', { reason: reasonOf(error) }, { cause: error });
  }
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw hubError('http.invalid_json', { reason: 'it is not UTF-8' }, { cause: error });
  }
}

/** A member of this name would become the prototype of whatever the value is copied into. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('it has a member __proto__');
  return value;
}

/** V8 quotes the text around the fault, which may hold a password: only the place is told. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  const place = /at position (\d+)/.exec(message)?.[1];
  if (message.startsWith('it has')) return message;
  return place === undefined ? 'it ends too early or is none' : `a fault at character ${Number(place) + 1}`;
}
