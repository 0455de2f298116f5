import type { PoolClient } from 'pg';
import { type ConnectionSettings, newClient } from './client.ts';

interface Internals {
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly connection: {
    readonly stream: { destroy(): void };
    connect(port: number | string, host?: string): void;
    requestSsl(): void;
    cancel(pid: number, secret: number): void;
    on(event: 'connect' | 'sslconnect' | 'end' | 'error', listener: () => void): void;
  };
}

/**
 * Asks the server to stop what `client` is running, over a connection of its own (PostgreSQL's cancel request; poolers
 * pass it on). It answers nothing: the running statement fails with 57014, or was done already. The request may arrive
 * late, so `client` must not be given to anybody else afterwards.
 */
export function requestCancel(
  client: PoolClient,
  settings: ConnectionSettings,
  timeoutMs: number,
): Promise<void> {
  const { processID, secretKey } = client as unknown as Internals;
  if (processID === null || secretKey === null) return Promise.resolve();
  const carrier = newClient(settings, '', timeoutMs);
  const { connection } = carrier as unknown as Internals;
  const secure = (carrier as unknown as { ssl: unknown }).ssl !== false;
  return new Promise((done) => {
    const finish = () => {
      clearTimeout(timer);
      connection.stream.destroy();
      done();
    };
    const timer = setTimeout(finish, timeoutMs);
    connection.on('connect', () =>
      secure ? connection.requestSsl() : connection.cancel(processID, secretKey),
    );
    connection.on('sslconnect', () => connection.cancel(processID, secretKey));
    connection.on('end', finish);
    connection.on('error', finish);
    if (settings.host.startsWith('/')) connection.connect(`${settings.host}/.s.PGSQL.${settings.port}`);
    else connection.connect(settings.port, settings.host);
  });
}
