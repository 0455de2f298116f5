/** Guarantee: no secret reaches the log, whichever way it came into it; a terminal gets lines for people. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubError, newSecretKey } from '@quantum-hub/kernel';
import { createLog } from './log.ts';

function logged(terminal: boolean, write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(
    createLog({
      level: 'info',
      terminal,
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

test('secrets are hidden by their names, by their form, and in addresses, also inside of errors', () => {
  const secret = newSecretKey('live').secret.reveal();
  const text = logged(false, (log) => {
    log.info({ headers: { authorization: `Bearer ${secret}`, cookie: 'a=b' }, password: 'hunter2' }, 'one');
    log.info({ req: { body: { token: 'tok-123' } } }, `called with ${secret}`);
    log.error(
      { err: new Error(`no answer from smtp://user:hunter2@mail.example.org, key ${secret}`) },
      'three',
    );
    log.child({ secret: 'hunter2' }).warn('four');
  });
  assert.doesNotMatch(text, /hunter2|tok-123|a=b/);
  assert.equal(text.includes(secret), false);
  assert.match(text, new RegExp(`called with ${secret.slice(0, 14)}\\[hidden\\]`));
  assert.match(text, /smtp:\/\/user:\[hidden\]@mail\.example\.org/);
  for (const line of text.trim().split('\n')) assert.ok(JSON.parse(line).time, 'each line is JSON');
});

test('on a terminal a request is one short line, and a fault says why', () => {
  const text = logged(true, (log) => {
    log.info({ method: 'GET', route: '/v1/jobs', status: 200, durationMs: 3.2 }, 'answered');
    log.error({ err: hubError('http.stopping') }, 'failed');
  });
  const [first = '', second = ''] = text.split('\n');
  assert.match(first, /^\d\d:\d\d:\d\d GET \/v1\/jobs 200 3\.2 ms$/);
  assert.match(second, /^\d\d:\d\d:\d\d ERROR failed: HubError: the server is being stopped/);
});
