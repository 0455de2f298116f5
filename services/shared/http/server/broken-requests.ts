import type { Socket } from 'node:net';
import { hubError, newId } from '@quantum-hub/kernel';
import { problemMediaType } from '../errors/problem.ts';
import { problemOf } from '../errors/send-problem.ts';
import type { ServerContext } from './options.ts';

type ConnectionError = Error & { code?: string };

function errorOf({ code }: ConnectionError, { limits }: ServerContext) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return hubError('http.too_slow', { header: limits.headerSeconds, whole: limits.requestSeconds });
  if (code === 'HPE_HEADER_OVERFLOW') return hubError('http.headers_too_large');
  return hubError('http.malformed', { reason: 'it breaks the rules of HTTP' });
}

/** Answers what Node could not read as a request, on the bare connection, and closes it. */
export function answerBrokenRequest(context: ServerContext) {
  return (error: ConnectionError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const { status, ...rest } = problemOf(errorOf(error, context), newId(), context.errorsAt);
    const body = JSON.stringify({ status, ...rest });
    socket.end(
      `HTTP/1.1 ${status} ${rest.title}\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  };
}
