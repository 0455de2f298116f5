/** Guarantee: a credential is kept for its hub only, for its owner only, and the environment wins. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { HubError } from '@quantum-hub/kernel';
import {
  credentialFor,
  credentialsPath,
  defaultUrl,
  forgetCredential,
  hubUrl,
  keepCredential,
} from './credentials.ts';

let env: Record<string, string>;
beforeEach(() => {
  env = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'qhub-credentials-')) };
});
afterEach(() => rmSync(env.XDG_CONFIG_HOME as string, { recursive: true }));

const [here, there] = ['https://here.example', 'https://there.example'];

describe('kept credentials', () => {
  it('are those of their hub, and the last hub is the one that is meant', () => {
    assert.equal(hubUrl(env), defaultUrl);
    keepCredential(here, { secret: 'a', username: 'ada' }, env);
    keepCredential(there, { secret: 'b', username: 'bob' }, env);
    assert.deepEqual([credentialFor(here, env), credentialFor(there, env)], ['a', 'b']);
    assert.equal(credentialFor('https://elsewhere.example', env), undefined);
    assert.equal(hubUrl(env), there);
    forgetCredential(there, env);
    assert.deepEqual([credentialFor(here, env), credentialFor(there, env)], ['a', undefined]);
  });

  it('are found however the address of their hub is written', () => {
    keepCredential(
      hubUrl({ QHUB_URL: 'http://hub.example:80/quantum' }),
      { secret: 'a', username: 'ada' },
      env,
    );
    for (const url of ['HTTP://Hub.Example/quantum/', 'http://hub.example/quantum//']) {
      assert.equal(credentialFor(hubUrl({ ...env, QHUB_URL: url }), env), 'a', url);
    }
    const other = hubUrl({ ...env, QHUB_URL: 'http://hub.example/' });
    assert.equal(credentialFor(other, env), undefined, 'below another path is another hub');
  });

  it('lie in a file and a folder that nobody else reads', () => {
    keepCredential(here, { secret: 'a', username: 'ada' }, env);
    const path = credentialsPath(env);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  });

  it('give way to the environment', () => {
    keepCredential(here, { secret: 'a', username: 'ada' }, env);
    assert.equal(credentialFor(here, { ...env, QHUB_API_KEY: 'k' }), 'k');
    assert.equal(hubUrl({ ...env, QHUB_URL: 'http://hub:1234/' }), 'http://hub:1234');
    assert.throws(
      () => hubUrl({ ...env, QHUB_URL: 'http://me:secret@hub' }),
      /QHUB_URL is "http:\/\/\.\.\.@hub"; expected the address of a hub/,
    );
    for (const bad of ['http://hub/?x=1', 'http://hub/#a', 'http://hub/?', 'hub:1234', 'ftp://hub']) {
      assert.throws(() => hubUrl({ ...env, QHUB_URL: bad }), /expected the address of a hub/, bad);
    }
    assert.throws(
      () => hubUrl({ ...env, QHUB_URL: 'hub' }),
      /QHUB_URL is "hub"; expected the address of a hub/,
    );
  });

  it('that are damaged, or may not be read or written, are told as what they are, and no secret of them', () => {
    keepCredential(here, { secret: 'qh_secret', username: 'ada' }, env);
    const path = credentialsPath(env);
    const told = (what: string, reason: RegExp) => (error: HubError) => {
      assert.equal(error.code, 'kernel.sign_ins_unusable');
      assert.ok(error.message.includes(`${path}, cannot be ${what}: `), error.message);
      assert.match(error.message, reason);
      assert.equal(error.message.includes('qh_secret'), false);
      return true;
    };
    for (const text of [
      '{"hubs":{"https://here.example":{"secret":"qh_secret"',
      '',
      'null',
      '[]',
      '{"hubs":[]}',
      '{"hubs":{"https://here.example":"qh_secret"}}',
      '{"hubs":{"https://here.example":{"secret":1}}}',
      '{"url":"qh_secret","hubs":{}}',
    ]) {
      writeFileSync(path, text);
      assert.throws(
        () => credentialFor(here, env),
        told('read', /is not what `npx qhub login` writes/),
        text,
      );
      assert.throws(() => hubUrl(env), told('read', /run `npx qhub login` again$/), text);
    }
    rmSync(path);
    mkdirSync(path);
    assert.throws(() => credentialFor(here, env), told('read', /it is a folder/));
    rmSync(join(path, '..'), { recursive: true });
    writeFileSync(join(path, '..'), '');
    assert.throws(() => keepCredential(here, { secret: 'qh_secret', username: 'ada' }, env), {
      code: 'kernel.sign_ins_unusable',
      message: /a part of its path is a file|file already exists/,
    });
  });
});
