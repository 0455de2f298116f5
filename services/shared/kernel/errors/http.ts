import type { Room } from './entry.ts';

/** What the server says before a service is asked, and about requests as such. */
export const httpErrors = {
  'http.invalid_request': {
    status: 400,
    message: 'the request is not as expected: {faults}',
    why: 'A parameter, the query or the body does not have the form that the route asks for; `errors` names each place.',
    fix: 'Correct every place that `errors` names. `/docs` shows the form of each route.',
  },
  'http.invalid_json': {
    status: 400,
    message: 'the body is not JSON: {reason}; expected one JSON value in UTF-8',
    why: 'The body cannot be read as JSON, holds a key that JavaScript would misread (`__proto__`), or nothing at all.',
    fix: 'Send the body as one JSON value with the header `Content-Type: application/json`.',
  },
  'http.json_too_deep': {
    status: 400,
    message: 'the body is nested more than {most} levels deep; expected at most {most}',
    why: 'Deeply nested JSON is refused before it is read: reading it would cost more than it is worth.',
    fix: 'Send a flatter value.',
  },
  'http.invalid_text': {
    status: 400,
    message: 'the {part} holds {what}, which no text may hold; leave it out',
    why: 'PostgreSQL stores neither U+0000 nor half of a surrogate pair, so that no text of the hub may hold them.',
    fix: 'Remove the character.',
  },
  'http.malformed': {
    status: 400,
    message: 'the request cannot be read: {reason}',
    why: 'The request line, a header or the address breaks the rules of HTTP.',
    fix: 'Use an HTTP library, and percent-encode what stands in the address.',
  },
  'http.invalid_idempotency_key': {
    status: 400,
    message:
      'the header Idempotency-Key has {length} characters; expected 1 to 255 of printable ASCII, without spaces',
    why: 'The key names one creation among all of its caller, and is kept for 24 hours.',
    fix: 'Send a UUID, for instance.',
  },
  'http.not_signed_in': {
    status: 401,
    message: 'nobody is signed in; send `Authorization: Bearer` with a session or an API key',
    why: 'The route is not public, and the request carries neither a key nor a session that is valid now.',
    fix: 'Sign in, or make an API key. One that has worked before has expired or was revoked.',
  },
  'http.scope_missing': {
    status: 403,
    message: 'this key may not do that; expected one with the scope {scope}',
    why: 'An API key may do what its scopes name and nothing else.',
    fix: 'Make a key with that scope, or use a session.',
  },
  'http.role_missing': {
    status: 403,
    message: 'your account may not do that; expected one with the role {needed}',
    why: 'Some routes are for operators or administrators only.',
    fix: 'Ask an administrator for the role.',
  },
  'http.session_needed': {
    status: 403,
    message: 'an API key may not do that; expected a session, from signing in',
    why: 'What a stolen key must not do (such as making further keys) asks for a session.',
    fix: 'Sign in, and send the token of the session.',
  },
  'http.origin_refused': {
    status: 403,
    message: 'a page of {origin} may not write here with a cookie; expected the address of this hub',
    why: 'A browser sends cookies along from any page: so writes by cookie are taken from pages of the hub only.',
    fix: 'Call from a page of the hub, or use a key. `QHUB_PUBLIC_URL` says which address is the hub’s.',
  },
  'http.route_not_found': {
    status: 404,
    message: 'there is no route {route}; `/docs` lists those that there are',
    why: 'The address names nothing.',
    fix: 'Look the address up in `/docs` or `openapi.json`.',
  },
  'http.method_not_allowed': {
    status: 405,
    message: '{method} is not served at {route}; expected one of {allowed}',
    why: 'The address exists, but for other methods, which `Allow` lists.',
    fix: 'Use one of the methods that the message names.',
  },
  'http.too_slow': {
    status: 408,
    message:
      'the request did not arrive in time: its header within {headerSeconds} s, all of it within {seconds} s; send it again',
    why: 'Header and body have to arrive within a time, so that slow senders do not keep connections.',
    fix: 'Send the request again, over a better connection or with a smaller body.',
  },
  'http.too_many_connections': {
    status: 503,
    message:
      'there are {connections} connections[ from {address}] already, the most that one process takes; try again in a few seconds',
    publicMessage: 'there are too many connections; try again in a few seconds, over fewer of them',
    why: 'Each process takes so many connections (`QHUB_HTTP_CONNECTIONS`), and a fifth of them from one address, so that nobody who holds connections open keeps others out.',
    fix: 'Use one connection for many requests. Name a reverse proxy in `QHUB_TRUSTED_PROXIES`: its connections are those of many people.',
  },
  'http.idempotency_key_reused': {
    status: 409,
    message: 'this Idempotency-Key was used for another request; use a new key for a new request',
    why: 'Within 24 hours, one key stands for one request: the same route with the same body.',
    fix: 'Make a new key for each creation, and send the same only to repeat the same request.',
  },
  'http.idempotency_in_flight': {
    status: 409,
    message: 'the first request with this Idempotency-Key is still being answered; try again in a moment',
    why: 'Two requests with one key came at once, and only one may create.',
    fix: 'Wait for the first, or send the request again in some seconds.',
  },
  'http.idempotency_secret_gone': {
    status: 409,
    message:
      'the first request with this Idempotency-Key succeeded, and showed a secret that is shown once; revoke what it made, and make another with a new key',
    why: 'An answer that shows a secret is never kept, so that it cannot be given again.',
    fix: 'Revoke what the first request made, unless you have its secret, and repeat with a new Idempotency-Key.',
  },
  'http.precondition_failed': {
    status: 412,
    message: 'it was changed since you read it; read it again, and repeat your change on what it is now',
    why: 'The ETag in `If-Match` is not that of the present state: somebody else changed it in between.',
    fix: 'Read it again and repeat the change with the new ETag.',
  },
  'http.body_too_large': {
    status: 413,
    message: 'the body is larger than {most} bytes, the most that this route takes',
    why: 'Each route has a limit on what it reads.',
    fix: 'Send less, or in parts.',
  },
  'http.unsupported_media_type': {
    status: 415,
    message: 'a body of the type "{type}" is not read here; expected application/json',
    why: 'Bodies are JSON in UTF-8, without a content encoding.',
    fix: 'Send JSON with the header `Content-Type: application/json`.',
  },
  'http.rate_limited': {
    status: 429,
    message: 'too many requests: {limit} within {window} s are allowed; try again in {retryAfter} s',
    why: 'Each key, session and address has a number of requests within a time, and signing in has fewer.',
    fix: 'Wait for as long as `Retry-After` says. `RateLimit` in every answer tells what is left.',
  },
  'http.headers_too_large': {
    status: 431,
    message: 'the headers of the request are too large; send fewer or shorter ones',
    why: 'The headers are larger than 16 KiB in all.',
    fix: 'Send fewer or shorter headers or cookies.',
  },
  'http.stopping': {
    status: 503,
    message: 'the server is being stopped and takes no new requests; try again in a few seconds',
    why: 'What was asked before is being answered; another server, or this one after its restart, takes the next.',
    fix: 'Try again in a few seconds.',
  },
  'http.took_too_long': {
    status: 503,
    message: 'no answer was found within {seconds} s; try again later',
    why: 'The route took longer than it may: most often the database is busy.',
    fix: 'Try again later. Whether a change was made is not known: read it first.',
  },
  'http.port_taken': {
    status: 500,
    message:
      'something else listens on {host}:{port} already; stop it, or set QHUB_HTTP_PORT to a free port (0 takes any)',
    publicMessage: 'the server could not be started',
    why: 'Only one program can listen on a port.',
    fix: 'Stop the other program, or set `QHUB_HTTP_PORT`.',
  },
  'http.cannot_listen': {
    status: 500,
    message: 'the server cannot listen on {host}:{port}: {reason}; correct QHUB_HTTP_HOST and QHUB_HTTP_PORT',
    publicMessage: 'the server could not be started',
    why: 'The address is not one of this machine, or the port is for privileged programs.',
    fix: 'Correct `QHUB_HTTP_HOST` and `QHUB_HTTP_PORT`; ports below 1024 belong behind a reverse proxy.',
  },
  'http.settings_invalid': {
    status: 500,
    message: 'the settings of the hub are wrong: {faults}',
    publicMessage: 'the server could not be started',
    why: 'One or more `QHUB_*` settings have values that cannot be used; all are listed.',
    fix: 'Correct every setting that the message names and start again; `docs/settings.md` describes them.',
  },
} as const satisfies Room<'http'>;
