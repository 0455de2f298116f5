import type { Readable } from 'node:stream';

/** Header fields by lower-case name; a list for a field that comes several times (`set-cookie`). */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A whole answer, where a body alone does not do. */
export class Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body | undefined;
  readonly headers: AnswerHeaders;

  constructor(status: number, body?: Body, headers: AnswerHeaders = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A body that is sent as it comes: bytes of a file, or events (`text/event-stream`). Ended when the server stops. */
export class StreamAnswer {
  readonly status: number;
  readonly stream: Readable;
  readonly headers: AnswerHeaders;

  constructor(status: number, stream: Readable, headers: AnswerHeaders) {
    this.status = status;
    this.stream = stream;
    this.headers = headers;
  }
}
