/** Guarantee: the published schema of results is open for later members and refuses what is no result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultSchema } from './result-schema.ts';

test('the schema names its members, and may gain some within version 1', () => {
  const { path, text } = resultSchema();
  assert.equal(path, 'docs/schemas/job-result.v1.schema.json');
  const schema = JSON.parse(text);
  assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  const { oneOf: kinds } = schema.$defs.JobResult;
  assert.equal(schema.$ref, '#/$defs/JobResult');
  assert.deepEqual(
    kinds.map((each: { properties: { kind: { const: string } } }) => each.properties.kind.const),
    ['counts', 'expectation', 'resources'],
  );
  for (const each of kinds) {
    assert.equal(each.additionalProperties, undefined);
    for (const name of ['formatVersion', 'job', 'program', 'device', 'conventions', 'times']) {
      assert.ok(each.required.includes(name), name);
    }
  }
});
