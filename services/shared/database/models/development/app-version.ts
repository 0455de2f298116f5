import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { bytes, instant, integer, json, oneOf, sha256, text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { callsFunction, setsTimes } from '../declaration/triggers.ts';
import { Device } from '../execution/device.ts';
import { Job } from '../execution/job.ts';
import { Platform } from '../execution/platform.ts';
import { programLanguages, programMaxChars } from '../execution/program.ts';
import { QuantumApp } from './quantum-app.ts';

export const versionStatuses = ['draft', 'testing', 'released', 'deprecated', 'yanked'] as const;
export const sdks = [
  'qiskit',
  'cirq',
  'pennylane',
  'braket',
  'qsharp',
  'cudaq',
  'openqasm',
  'other',
] as const;
export const irTypes = ['openqasm2', 'openqasm3', 'qir', 'quil', 'json', 'other'] as const;

/** SemVer 2.0.0, its own regular expression without named groups. */
const semanticVersion =
  /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

const amount = { min: 0, max: 1e15 };
const resourceEstimate = shape.object({
  optional: {
    qubits: shape.integer(amount),
    depth: shape.integer(amount),
    gates: shape.integer(amount),
    twoQubitGates: shape.integer(amount),
    tCount: shape.integer(amount),
    durationMs: shape.number(amount),
    memoryBytes: shape.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
});
const costEstimate = shape.object({
  required: { amountMinor: shape.integer(amount), currency: shape.string({ max: 3 }) },
  optional: { shots: shape.integer(amount), basis: shape.string({ max: 500 }) },
});
const verdicts = ['passed', 'failed', 'warning', 'skipped'] as const;
const findings = shape.object({
  required: { verdict: shape.oneOf(verdicts) },
  optional: {
    checkedAt: shape.string({ max: 40 }),
    tool: shape.string({ max: 100 }),
    findings: shape.array(
      shape.object({
        required: { message: shape.string({ max: 1000 }) },
        optional: {
          code: shape.string({ max: 100 }),
          severity: shape.oneOf(['info', 'warning', 'error']),
          line: shape.integer({ min: 1, max: 10_000_000 }),
          column: shape.integer({ min: 1, max: 10_000_000 }),
        },
      }),
      { max: 500 },
    ),
  },
});
const benchmarkResults = shape.array(
  shape.object({
    required: { name: shape.string({ max: 100 }), value: shape.number({ min: -1e300, max: 1e300 }) },
    optional: {
      unit: shape.string({ max: 40 }),
      device: shape.string({ max: 100 }),
      measuredAt: shape.string({ max: 40 }),
    },
  }),
  { max: 200 },
);

const released = `('released', 'deprecated', 'yanked')`;

/** A version of an app. Once released, the database refuses every change but deprecating and yanking. */
export const AppVersion = defineEntity({
  name: 'AppVersion',
  schema: 'development',
  tableName: 'app_versions',
  comment: 'Versions of apps; a released one never changes.',
  properties: {
    ...base(),
    app: () =>
      immutable(
        p.manyToOne(QuantumApp).ref().deleteRule('restrict').comment('The app that it is a version of.'),
      ),
    version: text({ min: 5, max: 100, pattern: semanticVersion }).comment(
      'Semantic version, unique within the app.',
    ),
    sdk: oneOf(sdks).comment('What it was written with.'),
    sdkVersion: text({ max: 50 }).nullable().comment('Version of that SDK.'),
    program: text({ max: programMaxChars }).nullable().comment('The source of the program.'),
    programLanguage: oneOf(programLanguages).nullable().comment('The language of that source.'),
    contentHash: sha256().nullable().comment('SHA-256 of program or package; set at release at the latest.'),
    inputSchema: json(shape.anyObject, { maxBytes: 65_536 }).nullable().comment('JSON Schema of the inputs.'),
    outputSchema: json(shape.anyObject, { maxBytes: 65_536 })
      .nullable()
      .comment('JSON Schema of the outputs.'),
    qubits: integer({ min: 1, max: 1_000_000 }).nullable().comment('How many qubits it needs.'),
    preferredPlatform: () =>
      p.manyToOne(Platform).ref().nullable().index().deleteRule('restrict').comment('Where it runs best.'),
    preferredDevice: () =>
      p
        .manyToOne(Device)
        .ref()
        .nullable()
        .index()
        .deleteRule('restrict')
        .comment('The device it runs best on.'),
    packageBytes: bytes({ max: 16_777_216 }).nullable().lazy().comment('A packed version, up to 16 MiB.'),
    packagePath: text({ min: 1, max: 1000 }).nullable().comment('Where a larger package is stored.'),
    irType: oneOf(irTypes).nullable().comment('Intermediate representation that it compiles to.'),
    resourceEstimate: json(resourceEstimate, { maxBytes: 4096 }).nullable().comment('What a run needs.'),
    costEstimate: json(costEstimate, { maxBytes: 4096 }).nullable().comment('What a run costs, about.'),
    benchmarkResults: json(benchmarkResults, { maxBytes: 262_144 }).nullable().comment('What was measured.'),
    validationResults: json(findings, { maxBytes: 1_048_576 }).nullable().comment('What validation found.'),
    securityResults: json(findings, { maxBytes: 1_048_576 })
      .nullable()
      .comment('What the security scan found.'),
    releaseNotes: text({ max: 50_000 }).nullable().comment('What is new, as Markdown.'),
    status: oneOf(versionStatuses).default('draft').comment('Where it stands; released is for ever.'),
    releasedAt: instant().nullable().comment('When it was released.'),
    jobs: () => p.oneToMany(Job).mappedBy('appVersion'),
  },
  uniques: [{ properties: ['app', 'version'] }],
  checks: [
    {
      name: 'app_versions_released_check',
      expression: `status not in ${released} or (released_at is not null and content_hash is not null and (program is not null or package_bytes is not null or package_path is not null))`,
    },
    {
      name: 'app_versions_language_check',
      expression: '(program is null) = (program_language is null)',
    },
  ],
  ...forced,
  policies: [
    policy(
      'app_versions_own',
      [serviceRoles.development],
      'all',
      `exists (select 1 from development.quantum_apps a where a.id = app_versions.app_id and a.developer_id = ${actor})`,
    ),
    // The look-up of the app goes through its own policies: whoever can't see the app sees no version.
    policy(
      'app_versions_visible',
      [serviceRoles.development, serviceRoles.marketplace, serviceRoles.execution],
      'select',
      `exists (select 1 from development.quantum_apps a where a.id = app_versions.app_id
        and (a.developer_id = ${actor} or app_versions.status in ${released}))`,
    ),
    policy('app_versions_worker', [workerRole], 'select', 'true'),
    ...upkeep('app_versions'),
  ],
  triggers: [
    setsTimes('development.app_versions'),
    callsFunction('development.app_versions', {
      name: 'keep_released',
      events: ['update', 'delete'],
      function: 'hub.keep_released',
    }),
  ],
});
export type AppVersion = InferEntity<typeof AppVersion>;
