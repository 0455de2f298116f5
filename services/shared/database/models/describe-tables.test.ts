import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTables, entities } from './index.ts';

const tables = describeTables(entities);

test('every model is described, in the order in which the models are listed', () => {
  assert.deepEqual(
    tables.map(({ schema, name }) => `${schema}.${name}`),
    entities.map(({ meta }) => `${meta.schema}.${meta.tableName}`),
  );
});

test('every table and every column says what it means', () => {
  for (const { schema, name, comment, columns } of tables) {
    assert.ok(comment !== '', `${schema}.${name} has no comment`);
    for (const column of columns)
      assert.ok(column.comment !== '', `${schema}.${name}.${column.name} has no comment`);
  }
});

test('every table has a primary key, and every foreign key an index that begins with it and a delete rule', () => {
  for (const { schema, name, indexes, foreignKeys } of tables) {
    assert.equal(indexes[0]?.kind, 'primary key', `${schema}.${name}`);
    for (const { name: key, columns, deleteRule } of foreignKeys) {
      const indexed = indexes.some(({ columns: leading }) =>
        columns.every((column, i) => leading[i] === column),
      );
      assert.ok(indexed, `${key} has no index`);
      assert.match(deleteRule, /^(restrict|cascade|set null)$/, key);
    }
  }
});

test('names are unique in their schema and fit into 63 bytes', () => {
  const seen = new Set<string>();
  for (const { schema, indexes, checks, foreignKeys } of tables) {
    for (const { name } of [...indexes, ...checks, ...foreignKeys]) {
      assert.ok(Buffer.byteLength(name) <= 63, name);
      assert.ok(!seen.has(`${schema}.${name}`), `${schema}.${name} comes twice`);
      seen.add(`${schema}.${name}`);
    }
  }
});
