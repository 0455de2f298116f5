/** Guarantee: what `create` writes is what the runner takes; it writes all or nothing, and nothing where nothing changed. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { text } from '../models/declaration/fields.ts';
import { entities } from '../models/index.ts';
import { table } from './create/test-models.ts';
import { slugOf } from './create/write-migrations.ts';
import { type CreateOptions, createMigration } from './create-migration.ts';
import { migrationsFolder, readMigrations } from './files.ts';

let root: string;
let folder: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'qhub-create-'));
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'migrations-'));
  cpSync(join(migrationsFolder, 'versions'), join(folder, 'versions'), { recursive: true });
  cpSync(join(migrationsFolder, 'ORDER'), join(folder, 'ORDER'));
});
after(() => rmSync(root, { recursive: true }));

const models = [
  ...entities,
  table('Memo', { body: text({ max: 9 }) }, { tableName: 'memos', schema: 'identity' }),
];

async function create(options: Partial<CreateOptions> = {}) {
  const answers = { renames: [], noRename: false, allow: [], safe: false };
  return await createMigration({
    description: 'Add memos',
    ...answers,
    folder,
    entities: models,
    ...options,
  });
}

describe('create', () => {
  it('writes a pair with a header and a line in ORDER', async () => {
    const earlier = readMigrations(folder).length;
    const [written, ...others] = await create();
    assert.ok(written !== undefined && others.length === 0);
    assert.match(written.name, /^\d{8}T\d{6}_add_memos$/);
    assert.match(
      readFileSync(written.up, 'utf8'),
      /^-- Description: Add memos\n-- Hazards: none\n-- Reversible: loses data\n-- Breaking: no\n-- Transaction: one\n\ncreate table "identity"."memos" \(/,
    );
    assert.equal(
      readFileSync(written.down, 'utf8'),
      '-- Description: Takes back: Add memos\n\ndrop table "identity"."memos";\n',
    );
    const names = readMigrations(folder).map(({ name }) => name);
    assert.deepEqual([names.length, names.at(-1)], [earlier + 1, written.name]);
  });

  it('writes the safe form as several migrations, which the runner takes; then there is nothing more to write', async () => {
    await create();
    const indexed = { tableName: 'memos', schema: 'identity', indexes: [{ properties: ['body'] }] };
    const later = [
      ...entities,
      table('Memo', { body: text({ max: 9 }), by: text({ max: 9 }).nullable() }, indexed),
    ];
    const written = await create({ entities: later, safe: true, description: 'Say who' });
    assert.deepEqual(
      written.map(({ name, transaction }) => `${name.slice(16)} ${transaction}`),
      [
        'say_who one',
        'build_the_index_memos_body_idx none',
        'hold_the_rows_of_identity_memos_against_what_was_added one',
      ],
    );
    assert.deepEqual(await create({ entities: later }), [], 'replayed, they make what the models say');
  });

  it('writes nothing when it refuses', async () => {
    const files = () => [readdirSync(join(folder, 'versions')), readFileSync(join(folder, 'ORDER'), 'utf8')];
    const before = files();
    const fewer = entities.filter(({ meta }) => meta.tableName !== 'device_slots');
    await assert.rejects(create({ entities: fewer }), (fault) =>
      isHubError(fault, 'database.hazard_refused'),
    );
    await assert.rejects(create({ description: '…' }), (fault) =>
      isHubError(fault, 'database.description_invalid'),
    );
    assert.deepEqual(files(), before);
  });

  it('a blank pair is refused by the runner until something stands in it', async () => {
    const [written] = await create({ blank: true, allow: ['data-change'], description: 'Fill the memos' });
    assert.deepEqual(written?.hazards, ['data-change']);
    assert.throws(() => readMigrations(folder), /_fill_the_memos.up.sql/);
  });

  it('two in one second follow each other', async () => {
    const [first] = await create({ blank: true });
    const [second] = await create({ blank: true });
    assert.ok(String(first?.name) < String(second?.name));
  });
});

describe('names of files', () => {
  const slugs = [
    ['Add a phone number', 'add_a_phone_number'],
    ['Größe & "Länge" hinzufügen!', 'gro_e_lange_hinzufugen'],
    ['x'.repeat(10).concat(' y'.repeat(60)), `xxxxxxxxxx${'_y'.repeat(25)}`],
  ] as const;
  for (const [description, slug] of slugs) {
    it(description.slice(0, 40), () => assert.equal(slugOf(description), slug));
  }

  for (const description of ['', ' ', '日本', 'two\nlines']) {
    it(`refuses ${JSON.stringify(description)}`, () => {
      assert.throws(
        () => slugOf(description),
        (fault) => isHubError(fault, 'database.description_invalid'),
      );
    });
  }
});
