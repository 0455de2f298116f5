import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { provision } from '../provision/index.ts';
import { adminUser, applicationLogin, connectAsAdmin, templateName, testServer } from './test-server.ts';

export type TestAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

/** A database of its own for one test file: migrated, empty but for reference data, gone at the end. */
export class TestDatabase implements AsyncDisposable {
  readonly name: string;
  /** How the hub's code logs in. */
  readonly application: TestAddress;
  /** How an administrator (here a superuser) logs in. */
  readonly administrator: TestAddress;
  /** An administrator's session that is already open. */
  readonly admin: Client;

  constructor(facts: Pick<TestDatabase, 'name' | 'application' | 'administrator' | 'admin'>) {
    this.name = facts.name;
    this.application = facts.application;
    this.administrator = facts.administrator;
    this.admin = facts.admin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end();
    const root = await connectAsAdmin(await testServer(), 'postgres');
    await root.query(`drop database if exists ${this.name} with (force)`);
    await root.end();
  }
}

/** Clones the prepared template. Rights on the database itself are not cloned by PostgreSQL: they are given anew. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await createFrom(templateName);
}

/** The same without migrations: roles and rights only, as `qhub db provision` leaves it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await createFrom('template0');
}

async function createFrom(template: string): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const root = await connectAsAdmin(server, 'postgres');
  await root.query(`create database ${name} template ${template}`);
  await root.end();
  const admin = await connectAsAdmin(server, name);
  await provision(admin, { database: name, applicationLogin });
  const place = { host: server.host, port: server.port, database: name };
  return new TestDatabase({
    name,
    admin,
    application: { ...place, user: applicationLogin.name, password: applicationLogin.password },
    administrator: { ...place, user: adminUser, password: server.adminPassword },
  });
}

/** The settings of a person whose server is the test's. */
export function settingsOf({
  application,
  administrator,
}: Pick<TestDatabase, 'application' | 'administrator'>): Record<string, string> {
  return {
    POSTGRES_HOST: application.host,
    POSTGRES_PORT: String(application.port),
    POSTGRES_DB: application.database,
    POSTGRES_USER: application.user,
    POSTGRES_PASSWORD: application.password,
    POSTGRES_ADMIN_USER: administrator.user,
    POSTGRES_ADMIN_PASSWORD: administrator.password,
  };
}
