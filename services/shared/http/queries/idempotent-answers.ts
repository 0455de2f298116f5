import { getDb } from '@quantum-hub/database';
import type { AnswerHeaders } from '../answers/answer.ts';
import type { ServiceRole } from './service-role.ts';

/** Whose request it is and what names it. */
export interface IdempotencyPlace {
  readonly service: ServiceRole;
  readonly userId: string;
  /** `POST /v1/keys` */
  readonly route: string;
  /** SHA-256 of the key that the caller chose. */
  readonly keyHash: Buffer;
}

export interface StoredAnswer {
  readonly requestHash: Buffer;
  /** null while the first request is being answered. */
  readonly status: number | null;
  readonly headers: AnswerHeaders;
  /** JSON text; null where the answer has none, or was not kept since it showed a secret. */
  readonly body: string | null;
  readonly secret: boolean;
}

// A claim whose process died is taken over after two minutes, longer than any request may take.
const claimSql = `insert into hub.idempotent_answers as a (service, user_id, route, key_hash, request_hash, claim)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (service, user_id, route, key_hash) do update
    set request_hash = excluded.request_hash, claim = excluded.claim, claimed_at = now(),
        expires_at = excluded.expires_at, status = null, headers = '{}', body = null, secret = false
    where a.expires_at <= now() or (a.status is null and a.claimed_at < now() - interval '2 minutes')
  returning 1`;

const findSql = `select request_hash as "requestHash", status, headers, body, secret
  from hub.idempotent_answers where service = $1 and user_id = $2 and route = $3 and key_hash = $4`;

const valuesOf = ({ service, userId, route, keyHash }: IdempotencyPlace) => [service, userId, route, keyHash];

/** Claims the key for a first request, or gives what is stored under it. */
export async function claimIdempotencyKey(
  place: IdempotencyPlace,
  requestHash: Buffer,
  claim: string,
): Promise<'claimed' | StoredAnswer> {
  for (;;) {
    const found = await getDb(
      async (db) => {
        const claimed = await db.query(claimSql, [...valuesOf(place), requestHash, claim]);
        if (claimed.rowCount > 0) return 'claimed';
        return (await db.query<StoredAnswer>(findSql, valuesOf(place))).rows[0];
      },
      { as: place.service, actor: place.userId },
    );
    // Neither: the first request failed in between and gave the key back.
    if (found) return found;
  }
}

/** Keeps the answer of the request that holds the claim. */
export async function keepAnswer(
  place: IdempotencyPlace,
  claim: string,
  { status, headers, body, secret }: Omit<StoredAnswer, 'requestHash'>,
): Promise<void> {
  await getDb(
    (db) =>
      db.query(
        `update hub.idempotent_answers set status = $6, headers = $7, body = $8, secret = $9
          where service = $1 and user_id = $2 and route = $3 and key_hash = $4 and claim = $5`,
        [...valuesOf(place), claim, status, JSON.stringify(headers), body, secret],
      ),
    { as: place.service, actor: place.userId },
  );
}

/** Gives the key back, when the request failed and so made nothing. */
export async function dropClaim(place: IdempotencyPlace, claim: string): Promise<void> {
  await getDb(
    (db) =>
      db.query(
        `delete from hub.idempotent_answers
          where service = $1 and user_id = $2 and route = $3 and key_hash = $4 and claim = $5 and status is null`,
        [...valuesOf(place), claim],
      ),
    { as: place.service, actor: place.userId },
  );
}

/** Those whose 24 hours are over, of one service. */
export async function deleteExpiredAnswers(service: ServiceRole): Promise<void> {
  await getDb((db) => db.query('delete from hub.idempotent_answers where expires_at <= now()'), {
    as: service,
  });
}
