import { Client } from 'pg';

/** From now on this process kills itself with SIGKILL when it has sent its nth message to a server, over whichever connection. */
export function killAtMessage(n: number): void {
  const send = Client.prototype.query as unknown as (...args: unknown[]) => unknown;
  let sent = 0;
  Client.prototype.query = function query(this: Client, ...args: unknown[]) {
    const result = send.apply(this, args);
    sent += 1;
    if (sent === n) process.kill(process.pid, 'SIGKILL');
    return result;
  } as typeof Client.prototype.query;
}
