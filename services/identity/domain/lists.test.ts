/** Guarantee: what routes and rules know as closed sets is what the database accepts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as models from '@quantum-hub/database/models';
import { auditActions, auditOutcomes } from './audit-actions.ts';
import { emailTokenPurposes, mailAttempts, mailDelaySeconds } from './lifetimes.ts';
import { mailTemplates, mailText } from './mail-texts.ts';
import { apiKeyScopes, userRoles } from './scopes.ts';
import { isReserved } from './user-names.ts';

describe('closed sets', () => {
  it('are the same here and in the models', () => {
    assert.deepEqual(apiKeyScopes, models.apiKeyScopes);
    assert.deepEqual(userRoles, models.userRoles);
    assert.deepEqual(auditActions, models.auditActions);
    assert.deepEqual(auditOutcomes, models.auditOutcomes);
    assert.deepEqual(emailTokenPurposes, models.emailTokenPurposes);
    assert.deepEqual(mailTemplates, models.mailTemplates);
  });
});

describe('the pauses between attempts at a mail', () => {
  it('grow, and all of them together are some hours', () => {
    const pauses = Array.from({ length: mailAttempts - 1 }, (_, index) => mailDelaySeconds(index + 1));
    assert.deepEqual(pauses.slice(0, 4), [30, 60, 120, 240]);
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3600;
    assert.ok(hours > 3 && hours < 24, `${hours} h`);
  });
});

describe('every mail', () => {
  it('names the account and the hub, and carries its token where it has one and nowhere else', () => {
    for (const template of mailTemplates) {
      const { subject, text } = mailText({
        template,
        parameters: { username: 'ada' },
        token: 'THE-TOKEN',
        publicUrl: 'https://hub.example.org',
      });
      assert.match(text, /^Hello,\n\n[^A-Z]*"ada" at https:\/\/hub\.example\.org|"ada"/);
      const hasToken = template === 'verify_email' || template === 'reset_password';
      assert.equal(text.includes('THE-TOKEN'), hasToken, template);
      assert.doesNotMatch(subject + text, /undefined/);
    }
  });
});

describe('reserved names', () => {
  it('are those that speak for the hub, in any case, and no others', () => {
    for (const name of ['admin', 'ADMIN', 'quantum-hub', 'deleted-0123', 'Admin-2'])
      assert.ok(isReserved(name), name);
    for (const name of ['ada', 'administratrix', 'undeleted', 'mailer']) assert.ok(!isReserved(name), name);
  });
});
