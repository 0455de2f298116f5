import { createHash, randomUUID } from 'node:crypto';
import { hubError } from '@quantum-hub/kernel';
import type { AnswerHeaders } from '../answers/answer.ts';
import {
  claimIdempotencyKey,
  dropClaim,
  type IdempotencyPlace,
  keepAnswer,
  type StoredAnswer,
} from '../queries/idempotent-answers.ts';
import { canonicalText } from './canonical-text.ts';

/** An answer as it is sent: JSON as text. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string | null;
}

export interface FirstRequest {
  readonly place: Omit<IdempotencyPlace, 'keyHash'>;
  readonly key: string;
  /** The whole request: the path with its parameters, and the body. */
  readonly request: readonly [path: string, body: unknown];
  /** The answer shows a secret: that there was one is kept, not the answer. */
  readonly secret: boolean;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Throws `http.invalid_idempotency_key` for what is no key. */
export function readIdempotencyKey(header: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw hubError('http.invalid_idempotency_key', { length: header.length });
}

/**
 * Answers the first request with a key, and gives every repetition within 24 hours the same answer. A request that fails
 * made nothing and gives its key back. After a crash between the work and its answer nobody knows whether there was a
 * creation: two minutes later the key can be used again.
 */
export async function answerOnce(
  { place, key, request, secret }: FirstRequest,
  answer: () => Promise<SentAnswer>,
): Promise<SentAnswer> {
  const whole: IdempotencyPlace = { ...place, keyHash: sha256(key) };
  const requestHash = sha256(canonicalText(request));
  const claim = randomUUID();
  const found = await claimIdempotencyKey(whole, requestHash, claim);
  if (found !== 'claimed') return replay(found, requestHash);
  let sent: SentAnswer;
  try {
    sent = await answer();
  } catch (error) {
    // Where this fails too, the claim runs out by itself; the caller is told of the first fault.
    await dropClaim(whole, claim).catch(() => {});
    throw error;
  }
  const kept = secret ? { ...sent, headers: {}, body: null } : sent;
  await keepAnswer(whole, claim, { ...kept, secret });
  return sent;
}

function replay({ requestHash, status, headers, body, secret }: StoredAnswer, asked: Buffer): SentAnswer {
  if (!requestHash.equals(asked)) throw hubError('http.idempotency_key_reused');
  if (status === null) throw hubError('http.idempotency_in_flight');
  if (secret) throw hubError('http.idempotency_secret_gone');
  return { status, headers: { ...headers, 'idempotency-replayed': 'true' }, body };
}
