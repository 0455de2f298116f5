import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type HubError, hubError, newId } from '@quantum-hub/kernel';
import { problemMediaType } from '../errors/problem.ts';
import { problemOf } from '../errors/send-problem.ts';
import type { ServerContext } from './options.ts';

type ConnectionError = Error & { code?: string };

/** Connections whose request was answered before all of it had come: they have had their answer. */
const answered = new WeakSet<Socket>();

export function noteEarlyAnswers(server: Server): void {
  server.on('request', (request, response) => {
    response.once('finish', () => {
      if (!request.complete) answered.add(request.socket);
    });
  });
}

function errorOf({ code }: ConnectionError, { limits }: ServerContext): HubError {
  const { headerSeconds, requestSeconds: seconds } = limits;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return hubError('http.too_slow', { headerSeconds, seconds });
  if (code === 'HPE_HEADER_OVERFLOW') return hubError('http.headers_too_large');
  return hubError('http.malformed', { reason: 'it breaks the rules of HTTP' });
}

/** Answers what Node could not read as a request, on the bare connection, and closes it. */
export function answerBrokenRequest(context: ServerContext) {
  return (error: ConnectionError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    // A second answer would be taken for that of the next request.
    if (answered.has(socket)) socket.destroy();
    else closeWith(socket, errorOf(error, context), context.errorsAt);
  };
}

/** Says why on the bare connection, and closes it whether or not the other side reads. */
export function closeWith(socket: Socket, error: HubError, errorsAt: string): void {
  const { status, ...rest } = problemOf(error, newId(), errorsAt);
  const body = JSON.stringify({ status, ...rest });
  socket.write(
    `HTTP/1.1 ${status} ${rest.title}\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
