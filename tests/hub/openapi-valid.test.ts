/** Guarantee: the document is OpenAPI 3.1 as a validator of others reads it, and that validator finds what is wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openApiText } from '../../apps/hub/openapi.ts';

const rules = [
  'struct',
  'no-unresolved-refs',
  'no-identical-paths',
  'no-path-trailing-slash',
  'path-parameters-defined',
  'operation-parameters-unique',
  'operation-operationId-unique',
  'security-defined',
  'no-invalid-media-type-examples',
  'no-invalid-schema-examples',
];

async function faultsOf(source: string): Promise<string[]> {
  const config = await createConfig({ rules: Object.fromEntries(rules.map((rule) => [rule, 'error'])) });
  const problems = await lintFromString({ source, config, absoluteRef: 'openapi.json' });
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

test('the document has no fault', async () => {
  assert.deepEqual(await faultsOf(openApiText()), []);
});

test('a member that OpenAPI does not know, a broken reference, and an example outside its schema are faults', async () => {
  const changed = (from: string | RegExp, to: string) => {
    const text = openApiText().replace(from, to);
    assert.notEqual(text, openApiText());
    return faultsOf(text);
  };
  assert.match((await changed('"tags": [', '"tagz": [')).join('\n'), /struct: Property `tagz`/);
  assert.match((await changed('schemas/Problem"', 'schemas/Gone"')).join('\n'), /no-unresolved-refs/);
  assert.match(
    (await changed('"status": "alive"', '"status": "undead"')).join('\n'),
    /no-invalid-media-type-examples/,
  );
});
