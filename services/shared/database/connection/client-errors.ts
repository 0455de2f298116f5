import { type HubError, hubError } from '@quantum-hub/kernel';
import { addressOf, type ConnectionSettings } from './client.ts';
import { type Facts, factsOfError, PostgresFault } from './postgres-fault.ts';

const tlsCode =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_OSSL)/;
const tlsMessage = /SSL connection|TLS connection was established/;

const unreachableReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be used',
  '57P03': 'it is starting up or shutting down',
};

/** PgBouncer answers 08P01 to whatever goes wrong at log-in; only the text tells what. */
function poolerFault(message: string): string | undefined {
  if (/no such database|database .* does not exist/.test(message)) return '3D000';
  if (/no such user|auth|password/i.test(message)) return '28P01';
  if (/no more connections|query_wait_timeout/.test(message)) return '53300';
  return undefined;
}

function codeOf({ code, message }: Facts): string {
  if (/^SASL: .*(password|salt|server signature)/i.test(message)) return '28P01';
  return (code === '08P01' && poolerFault(message)) || code;
}

/** What is meant by an error while connecting: one clear error, whose cause holds no values. */
export function connectError(error: unknown, settings: ConnectionSettings): HubError {
  const address = addressOf(settings);
  const { user, database } = settings;
  const named = error as { code?: unknown; message?: string };
  const facts = factsOfError(error);
  const cause = facts ? new PostgresFault(facts) : error;
  if (tlsCode.test(String(named.code)) || tlsMessage.test(String(named.message))) {
    return hubError('database.tls_failed', { address, reason: String(named.message) }, { cause });
  }
  const code = facts ? codeOf(facts) : '';
  switch (code) {
    case '28P01':
      return hubError('database.wrong_password', { address, login: user }, { cause });
    case '28000':
    case '42501':
      return hubError('database.login_refused', { address, login: user, reason: facts?.message }, { cause });
    case '3D000':
      return hubError('database.unknown_database', { address, database }, { cause });
    case '53300':
      return hubError('database.too_many_connections', { address }, { cause });
  }
  const timedOut = /timeout/.test(facts?.message ?? '') ? 'no answer in time' : undefined;
  const reason = unreachableReasons[code] ?? timedOut ?? facts?.message ?? String(named.message);
  const remedy = settings.embedded
    ? { how: 'with `npx qhub db server start`' }
    : { settings: 'POSTGRES_HOST and POSTGRES_PORT' };
  return hubError('database.unreachable', { address, reason, ...remedy }, { cause });
}
