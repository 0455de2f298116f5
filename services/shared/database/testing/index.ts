export { without } from '../connection/test-programs.ts';
export { createEmptyDatabase, createTestDatabase, type TestAddress, TestDatabase } from './test-database.ts';
export { applicationLogin, startTestServer, type TestServer, testServer } from './test-server.ts';
