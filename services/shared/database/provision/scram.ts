import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** What PostgreSQL itself uses by default: the client does this work at each new connection. */
const iterations = 4096;

const nonAsciiSpace = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g;
const mappedToNothing = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/g;

/** SASLprep (RFC 4013) as libpq, the server and node-postgres apply it: without it `\u00e9` typed in two ways would differ. */
function prepared(password: string): string {
  return password.replace(nonAsciiSpace, ' ').replace(mappedToNothing, '').normalize('NFKC');
}

/**
 * The text that PostgreSQL stores for a password (`pg_authid.rolpassword`). `CREATE ROLE ... PASSWORD` takes it in
 * place of the password, so that the password reaches neither the server nor its log.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  if (password === '')
    throw new TypeError('The password is empty: PostgreSQL would refuse every sign-in with it.');
  const salted = pbkdf2Sync(prepared(password), salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
