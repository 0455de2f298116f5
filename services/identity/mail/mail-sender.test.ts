/** Guarantee: every mail reaches the mail server, once if all goes well, later if the server was away, never for ever. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Hidden } from '@quantum-hub/kernel';
import { SMTPServer } from 'smtp-server';
import { Sealer } from '../secrets/sealer.ts';
import { startTestIdentity, type TestIdentity, testPassword, testSecretKey } from '../test-identity.ts';
import { MailSender } from './mail-sender.ts';
import { openTransport } from './transport.ts';

const letters: string[] = [];
let refuse: string | undefined;
let server: SMTPServer;
let hub: TestIdentity;

before(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (refuse) return done(Object.assign(new Error(refuse), { responseCode: 451 }));
        letters.push(Buffer.concat(parts).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const url = new Hidden(`smtp://127.0.0.1:${port}`);
  hub = await startTestIdentity({ mail: { url, from: 'Quantum Hub <hub@example.org>' } });
});
after(async () => {
  await hub[Symbol.asyncDispose]();
  await new Promise<void>((resolve) => server.close(resolve));
});

const mailOf = async (userId: string) =>
  (await hub.test.admin.query('select * from identity.outbox_mails where user_id = $1', [userId])).rows[0];
/** The text of a letter without the line breaks that its encoding put in. */
const textOf = (letter: string) => letter.replaceAll('=\r\n', '').replaceAll('=3D', '=');

async function again(): Promise<void> {
  await hub.test.admin.query(
    'update identity.outbox_mails set next_attempt_at = now() where next_attempt_at is not null',
  );
  await hub.request('POST', '/v1/password-resets', undefined, { account: 'nobody' });
  await hub.identity.settled();
}

describe('the sender', () => {
  it('sends at once, whole, and keeps nothing of the token', async () => {
    const person = await hub.person();
    await hub.identity.settled();
    const letter = textOf(letters.at(-1) ?? '');
    assert.match(letter, new RegExp(`^To: ${person.email}`, 'm'));
    assert.match(letter, /^From: Quantum Hub <hub@example\.org>/m);
    assert.match(letter, /^Auto-Submitted: auto-generated/im);
    const token = /^ {2}(qh_verify_\w{49})\r?$/m.exec(letter)?.[1];
    assert.ok(token, letter);
    const { sent_at, sealed_token, next_attempt_at, attempts } = await mailOf(person.id);
    assert.deepEqual(
      [sent_at instanceof Date, sealed_token, next_attempt_at, attempts],
      [true, null, null, 1],
    );
    assert.equal(
      (await hub.request('POST', '/v1/email-verifications/confirm', undefined, { token })).status,
      204,
    );
  });

  it('keeps no address of a deleted account beyond the mail that tells of it', async () => {
    const person = await hub.person();
    await hub.identity.settled();
    const token = /qh_verify_\w{49}/.exec(textOf(letters.at(-1) ?? ''))?.[0];
    await hub.request('POST', '/v1/email-verifications/confirm', undefined, { token });
    const left = await hub.request('DELETE', '/v1/me', person.token, { password: testPassword });
    assert.equal(left.status, 204);
    await hub.identity.settled();
    assert.match(textOf(letters.at(-1) ?? ''), new RegExp(`^To: ${person.email}[^]*was deleted`, 'm'));
    assert.equal(await mailOf(person.id), undefined);
  });

  it('tries again later when the server refuses, keeps the reason, and gives up in the end', async () => {
    refuse = 'try again later';
    const person = await hub.person();
    await hub.identity.settled();
    const first = await mailOf(person.id);
    assert.match(first.last_error, /try again later/);
    assert.deepEqual([first.sent_at, first.attempts], [null, 1]);
    const pause = first.next_attempt_at.getTime() - first.updated_at.getTime();
    assert.equal(Math.round(pause / 1000), 30);
    await again();
    assert.equal((await mailOf(person.id)).attempts, 2);
    await hub.test.admin.query('update identity.outbox_mails set attempts = 9 where user_id = $1', [
      person.id,
    ]);
    await again();
    const last = await mailOf(person.id);
    assert.deepEqual([last.attempts, last.next_attempt_at, last.sent_at], [10, null, null]);
  });

  it('sends what waited once the server is back, and nothing whose time is over', async () => {
    refuse = 'away';
    const [late, soon] = [await hub.person(), await hub.person()];
    await hub.identity.settled();
    refuse = undefined;
    await hub.test.admin.query(`update identity.outbox_mails set expires_at = now() where user_id = $1`, [
      late.id,
    ]);
    const before = letters.length;
    await again();
    assert.deepEqual([letters.length - before, (await mailOf(late.id)).sent_at], [1, null]);
    assert.ok((await mailOf(soon.id)).sent_at instanceof Date);
  });

  it('sends each mail once when two hubs share the outbox', async () => {
    const { port } = server.server.address() as AddressInfo;
    refuse = 'away';
    const people = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => await hub.person()));
    await hub.identity.settled();
    refuse = undefined;
    const sender = () =>
      new MailSender({
        transport: openTransport({ url: new Hidden(`smtp://127.0.0.1:${port}`), from: 'hub@example.org' }),
        sealer: new Sealer(testSecretKey),
        address: { publicUrl: 'https://hub.example.org' },
        log: () => {},
      });
    await using one = sender();
    await using two = sender();
    await hub.test.admin.query(
      'update identity.outbox_mails set next_attempt_at = now() where next_attempt_at is not null',
    );
    const before = letters.length;
    one.wake();
    two.wake();
    await Promise.all([one.settled(), two.settled()]);
    assert.equal(letters.length - before, people.length);
  });

  it('shows operators no token where a mail server is configured', async () => {
    const admin = await hub.administrator();
    refuse = 'away';
    await hub.person();
    await hub.identity.settled();
    refuse = undefined;
    const { body } = await hub.request('GET', '/v1/admin/mails', admin);
    assert.deepEqual([body.items[0].template, body.items[0].text], ['verify_email', null]);
  });
});

describe('the settings', () => {
  it('are refused before the first mail, without the password in the text', () => {
    const wrong = [
      { url: new Hidden('https://user:hunter2@mail.example.org'), from: 'hub@example.org' },
      { url: new Hidden('not a url hunter2'), from: 'hub@example.org' },
      { url: new Hidden('smtp://localhost'), from: 'nobody' },
    ];
    for (const settings of wrong) {
      assert.throws(
        () => openTransport(settings),
        (error: Error) => /mail settings/.test(error.message) && !/hunter2/.test(error.message),
      );
    }
  });
});
