export { type PgBouncer, startPgBouncer } from '../connection/test-pgbouncer.ts';
export { without } from '../connection/test-programs.ts';
export { makeApiKey, makeDevice, makePlatform, makeUser } from './factories.ts';
export {
  createEmptyDatabase,
  createTestDatabase,
  settingsOf,
  type TestAddress,
  TestDatabase,
} from './test-database.ts';
export { TestFolder, testFolder } from './test-folder.ts';
export {
  applicationLogin,
  connectAsAdmin,
  startSharedServer,
  startTestServer,
  type TestServer,
  testServer,
  useOwnServer,
} from './test-server.ts';
