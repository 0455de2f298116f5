import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TableDescription } from '../../services/shared/database/models/index.ts';
import { checkText } from './data-model/check-text.ts';
import { diagram } from './data-model/diagram.ts';
import { policyText } from './data-model/policy-text.ts';
import { dataModel } from './data-model.ts';

const column = { type: 'uuid', nullable: false, primary: false, comment: '' };

/** A table with one column of every kind of relation: nullable and not, of its own domain and of another. */
const samples: TableDescription = {
  schema: 'execution',
  name: 'samples',
  comment: 'What was measured.',
  columns: [
    { ...column, name: 'id', primary: true, comment: 'Its id.' },
    { ...column, name: 'user_id', comment: 'Whose it is.' },
    { ...column, name: 'job_id', nullable: true, comment: 'What gave it.' },
    { ...column, name: 'value', type: 'double precision', default: "'0'", comment: 'The | value.' },
  ],
  checks: [{ name: 'samples_value_check', expression: 'value between 0 and 1' }],
  indexes: [
    { name: 'samples_pkey', kind: 'primary key', on: '("id")', columns: ['id'] },
    { name: 'samples_user_id_idx', kind: 'index', on: '("user_id", "id")', columns: ['user_id', 'id'] },
    { name: 'samples_job_id_key', kind: 'unique', on: '("job_id")', columns: ['job_id'] },
  ],
  foreignKeys: [
    {
      name: 'samples_user_id_fkey',
      columns: ['user_id'],
      references: 'identity.users',
      deleteRule: 'restrict',
    },
    {
      name: 'samples_job_id_fkey',
      columns: ['job_id'],
      references: 'execution.jobs',
      deleteRule: 'set null',
    },
  ],
  rights: [{ role: 'qhub_worker', verbs: { select: true, update: ['value', 'job_id'] } }],
  rowSecurity: 'forced',
  policies: [],
  triggers: [{ name: 'keep', definition: 'before update for each row execute function hub.keep()' }],
  partitionedBy: 'range ("id")',
};

test('the diagram shows keys, optional and single relations, and types that Mermaid can read', () => {
  assert.deepEqual(diagram([samples]).split('\n'), [
    '```mermaid',
    'erDiagram',
    '  users ||--o{ samples : "user_id"',
    '  jobs |o--o| samples : "job_id"',
    '  samples {',
    '    uuid id PK',
    '    uuid user_id FK',
    '    uuid job_id FK, UK',
    '    double_precision value',
    '  }',
    '```',
  ]);
});

test('the dictionary gives meaning, type, null, default, target, delete rule, check, rights, trigger and partitioning', () => {
  const { text, path } = dataModel([samples]);
  assert.equal(path, 'docs/data-model.md');
  for (const line of [
    'What was measured.',
    'Partitioned by range (id).',
    '| **`id`** | uuid |  |  | Its id. |',
    '| `job_id` | uuid | yes |  | What gave it. (→ [`execution.jobs`](#executionjobs)) |',
    "| `value` | double precision |  | `'0'` | The \\| value. |",
    '| `samples_user_id_idx` | index | `(user_id, id)` |',
    '| `samples_job_id_fkey` | `job_id` | [`execution.jobs`](#executionjobs) | set null |',
    '| `samples_value_check` | `value between 0 and 1` |',
    '| The worker | select, update (`value`, `job_id`) |',
    '- `keep`: before update for each row execute function hub.keep()',
  ]) {
    assert.ok(text.split('\n').includes(line), `missing: ${line}`);
  }
});

test('every link inside the document of the real models leads to a heading', () => {
  const { text } = dataModel();
  const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading.replace(/[`.]/g, ''),
  );
  for (const [, target] of text.matchAll(/\]\(#([^)]+)\)/g))
    assert.ok(headings.includes(target ?? ''), target);
});

test('every role of the real models has words', () => {
  assert.doesNotMatch(dataModel().text, /`qhub_\w+` may|\| `qhub_/);
});

const policy = { name: 'p', command: 'all', restrictive: false, roles: ['qhub_execution'] } as const;

test('a policy reads as a sentence that loses nothing of its condition', () => {
  const roles = ['qhub_execution'];
  const own = 'user_id = (select hub.actor())';
  assert.equal(
    policyText({ ...policy, roles, using: own, check: own }),
    'The execution service may read and write rows whose `user_id` is the signed-in user (`p`).',
  );
  assert.equal(
    policyText({ ...policy, roles: ['qhub_backup', 'someone'], command: 'select', using: 'true' }),
    'The backup and `someone` may read every row (`p`).',
  );
  assert.equal(
    policyText({ ...policy, roles, command: 'update', using: "a = 1\n  or b = 'x'", check: own }),
    "The execution service may update rows where `a = 1 or b = 'x'`, and leave only rows whose `user_id` is the signed-in user (`p`).",
  );
  assert.equal(
    policyText({ ...policy, roles: [], restrictive: true, command: 'insert', check: 'a > 0' }),
    'Everybody may at most insert rows where `a > 0` (`p`).',
  );
});

test('the shape of a jsonb column reads as a type, and the rest of its rule stays', () => {
  const shape =
    '{"t":"object","p":{"a":{"t":"string","max":5},"b":{"t":"array","of":{"t":"oneOf","of":["x","it\'\'s"]},"max":3},"c":{"t":"record","of":{"t":"integer","min":0,"max":9},"max":2},"d":{"t":"any"}},"r":["a"]}';
  assert.equal(
    checkText(`octet_length(v::text) <= 9 and hub.matches_shape(v, '${shape}'::jsonb)`),
    "`v` is `{ a: string up to 5 characters, b?: list up to 3 of 'x' | 'it's', c?: { [key]: integer 0 to 9 } up to 2 keys, d?: any JSON }` and `octet_length(v::text) <= 9`",
  );
  assert.equal(checkText('a > 0'), '`a > 0`');
});
