import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { type ProvisionOptions, plannedLogins } from './options.ts';
import { roleOf } from './roles.ts';

it('all faults of the options are reported at once', () => {
  const options = {
    database: '',
    applicationLogin: { name: 'qhub_identity', password: '' },
    serviceLogins: [
      { service: 'billing', name: 'n'.repeat(64) },
      { service: 'identity', name: 'qhub_identity', resetPassword: true },
    ],
    timeouts: { statementMs: -1, lockMs: 1.5, waitMs: 3 },
  } as unknown as ProvisionOptions;
  assert.throws(
    () => plannedLogins(options),
    (error: Error) => {
      assert.ok(isHubError(error, 'database.config_invalid'));
      for (const part of [
        'database name "" must have 1 to 63 bytes',
        '"qhub_identity" has a reserved name',
        'password of the login "qhub_identity" is empty',
        `login name "${'n'.repeat(64)}"`,
        'for the service "billing"; expected one of identity, development, marketplace, execution, worker',
        'is to be reset, but none was given',
        'named twice',
        'statementMs is -1',
        'lockMs is 1.5',
        '"waitMs" is no timeout',
      ]) {
        assert.ok(error.message.includes(part), `${part} is not in: ${error.message}`);
      }
      return true;
    },
  );
});

it('no password gets into the message of a fault', () => {
  const applicationLogin = { name: 'public', password: 'hush\0hush' };
  assert.throws(
    () => plannedLogins({ database: 'hub', applicationLogin }),
    (error: Error) => !error.message.includes('hush'),
  );
});

it('a role is found by the name that units of work use, and by no other', () => {
  assert.equal(roleOf('identity'), 'qhub_identity');
  assert.equal(roleOf('backup'), 'qhub_backup');
  for (const name of ['owner', 'sign_in', 'toString', ''])
    assert.throws(() => roleOf(name as 'identity'), TypeError);
});
