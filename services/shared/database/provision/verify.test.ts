import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { type ProvisionOptions, provision, verifyProvisioning } from './index.ts';
import { roleNames } from './roles.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const options: ProvisionOptions = {
  database: 'hub',
  applicationLogin: { name: 'quantum_user', password: 'quantum' },
  serviceLogins: [{ service: 'identity', name: 'identity_alone', password: 'identity' }],
  timeouts: { statementMs: 15_000 },
};
const wanted = {
  applicationLogin: 'quantum_user',
  serviceLogins: options.serviceLogins,
  timeouts: options.timeouts,
  administrator: 'postgres',
};

/** What somebody may break, the one thing that is then reported, and whether its own statement mends it. */
const breakages: readonly { breaks: string; severity: 'fault' | 'warning'; says: RegExp }[] = [
  {
    breaks: 'alter role qhub_owner superuser',
    severity: 'fault',
    says: /^the role "qhub_owner" is a superuser/,
  },
  {
    breaks: 'alter role qhub_worker bypassrls',
    severity: 'fault',
    says: /^the role "qhub_worker" bypasses row security/,
  },
  { breaks: 'alter role qhub_sign_in login', severity: 'fault', says: /^the role "qhub_sign_in" can log in/ },
  {
    breaks: 'alter role qhub_execution createrole',
    severity: 'fault',
    says: /^the role "qhub_execution" has the attribute createrole/,
  },
  {
    breaks: 'alter role qhub_execution replication',
    severity: 'fault',
    says: /has the attribute replication/,
  },
  {
    breaks: 'grant pg_read_all_data to qhub_identity',
    severity: 'fault',
    says: /^the role "qhub_identity" is a member of "pg_read_all_data"/,
  },
  {
    breaks: 'revoke qhub_sign_in from qhub_owner; alter role qhub_backup rename to gone',
    severity: 'fault',
    says: /^the role "qhub_backup" is missing/,
  },
  {
    breaks: 'revoke qhub_marketplace from quantum_user',
    severity: 'fault',
    says: /^the login "quantum_user" cannot act as the role "qhub_marketplace"/,
  },
  {
    breaks: 'grant qhub_worker to identity_alone',
    severity: 'fault',
    says: /^the login "identity_alone" can act as the role "qhub_worker", expected only qhub_identity/,
  },
  {
    breaks: 'alter role identity_alone superuser',
    severity: 'fault',
    says: /^the login "identity_alone" is a superuser/,
  },
  {
    breaks: 'alter role quantum_user nologin',
    severity: 'fault',
    says: /^the role "quantum_user" cannot log in/,
  },
  {
    breaks: 'alter role identity_alone rename to left_us',
    severity: 'fault',
    says: /^the login "identity_alone" is missing/,
  },
  {
    breaks: 'revoke connect on database hub from quantum_user',
    severity: 'fault',
    says: /^the login "quantum_user" may not connect to the database "hub"/,
  },
  {
    breaks: 'grant connect, temp, create on database hub to public',
    severity: 'fault',
    says: /^PUBLIC has CONNECT, CREATE, TEMPORARY in the database "hub"/,
  },
  {
    breaks: 'grant usage, create on schema public to public',
    severity: 'warning',
    says: /^PUBLIC has CREATE, USAGE in the schema public of the database "hub"/,
  },
  {
    breaks: 'revoke create on database hub from qhub_owner',
    severity: 'fault',
    says: /^the role "qhub_owner" may not create schemas/,
  },
  {
    breaks: 'alter default privileges for role qhub_sign_in grant execute on functions to public',
    severity: 'fault',
    says: /^PUBLIC may execute the functions that "qhub_sign_in" creates/,
  },
  {
    breaks: 'alter role quantum_user in database hub reset lock_timeout',
    severity: 'warning',
    says: /^the login "quantum_user" has no lock_timeout/,
  },
  {
    breaks: "alter role quantum_user in database hub set statement_timeout = '1h'",
    severity: 'warning',
    says: /^the login "quantum_user" has statement_timeout 1h, expected 15000ms/,
  },
  {
    breaks: 'alter role quantum_user in database hub set search_path = public',
    severity: 'warning',
    says: /^the login "quantum_user" has the search_path "public", expected "pg_catalog, pg_temp"/,
  },
  {
    breaks: 'alter role identity_alone in database hub reset search_path',
    severity: 'warning',
    says: /^the login "identity_alone" has no search_path of its own/,
  },
];

describe('verifyProvisioning', () => {
  let server: TestServer;
  let admin: pg.Client;
  before(async () => {
    server = await startTestServer();
    await server.run('postgres', 'create database hub');
    admin = await server.connect('hub');
  });
  after(async () => await server[Symbol.asyncDispose]());

  it('reports every role, and that PUBLIC has rights, in a database that nobody has provisioned', async () => {
    const findings = await verifyProvisioning(admin, wanted);
    assert.equal(
      findings.filter(({ sentence }) => /^the role "qhub_\w+" is missing$/.test(sentence)).length,
      roleNames.length,
    );
    assert.ok(
      findings.some(({ sentence }) =>
        sentence.startsWith('PUBLIC has CONNECT, TEMPORARY in the database "hub"'),
      ),
    );
  });

  for (const { breaks, severity, says } of breakages) {
    it(`reports, and its statement or a new provisioning mends: ${breaks}`, async () => {
      await provision(admin, options);
      assert.deepEqual(await verifyProvisioning(admin, wanted), []);
      await admin.query(breaks);
      const findings = await verifyProvisioning(admin, wanted);
      assert.equal(findings.length, 1, JSON.stringify(findings));
      const [finding] = findings as [(typeof findings)[number]];
      assert.match(finding.sentence, says);
      assert.equal(finding.severity, severity);
      if (finding.statement.startsWith('npx ')) await provision(admin, options);
      else await admin.query(finding.statement);
      assert.deepEqual(await verifyProvisioning(admin, wanted), []);
    });
  }
});
