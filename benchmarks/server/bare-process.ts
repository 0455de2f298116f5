/**
 * What the hub is compared with: one Fastify route that looks the key up and reads the account as its user, each in a transaction with
 * role and actor, through `pg`. No limits, no scopes, no schemas, no log. Prints its address.
 */
import { hashSecret } from '@quantum-hub/kernel';
import fastify, { type FastifyRequest } from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ ...JSON.parse(process.env.BENCH_DATABASE ?? '{}'), max: 10 });

async function asIdentity(
  opening: string,
  statement: pg.QueryConfig,
): Promise<Record<string, unknown> | undefined> {
  const client = await pool.connect();
  try {
    await client.query(opening);
    const { rows } = await client.query(statement);
    await client.query('commit');
    return rows[0];
  } finally {
    client.release();
  }
}

const role = `set local role "qhub_identity"`;

const findKey = {
  name: 'find-key',
  text: `select id, user_id as "userId", user_roles as roles, scopes from identity.find_api_key($1)
          where status = 'active' and user_active and (expires_at is null or expires_at > now())`,
};

const findAccount = {
  name: 'find-account',
  text: `select u.id, u.username, u.email, u.full_name as "fullName", u.roles, u.verified,
                u.password_hash is not null as "hasPassword", u.created_at as "createdAt", u.updated_at as "updatedAt",
                u.last_login_at as "lastLoginAt",
                (select t.email from identity.email_tokens t
                  where t.user_id = u.id and t.purpose = 'verify_email' and t.used_at is null) as "pendingEmail"
           from identity.users u where u.id = $1 and u.anonymised_at is null`,
};

const app = fastify({ logger: false });

app.get('/v1/me', async ({ headers }: FastifyRequest) => {
  const secret = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const key = await asIdentity(`begin read only; ${role}; set local qhub.actor = ''`, {
    ...findKey,
    values: [hashSecret(secret)],
  });
  if (!key) throw new Error('no such key');
  return await asIdentity(`begin; ${role}; set local qhub.actor = '${key.userId}'`, {
    ...findAccount,
    values: [key.userId],
  });
});

process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
});
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
