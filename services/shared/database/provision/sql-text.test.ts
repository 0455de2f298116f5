import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type pg from 'pg';
import { doBlock, identifier, literal, literalRows } from './sql-text.ts';
import { startTestServer, type TestServer } from './test-server.ts';

describe('SQL text, read back by PostgreSQL', () => {
  let server: TestServer;
  let client: pg.Client;
  before(async () => {
    server = await startTestServer();
    client = await server.connect('postgres');
  });
  after(async () => await server[Symbol.asyncDispose]());

  // Characters that end strings, names, dollar quotes or format() directives come up often.
  const hostile = fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', 'qhub', '%', 'I', ';', '--', 'é', '\n', 'a'),
  });

  for (const conforming of ['on', 'off']) {
    it(`a literal is the text it was made of, with standard_conforming_strings ${conforming}`, async () => {
      await client.query(`set standard_conforming_strings = ${conforming}; set backslash_quote = off`);
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          const { rows } = await client.query(`select ${literal(text)} as text`);
          assert.equal(rows[0].text, text);
        }),
      );
    });
  }

  it('rows keep their texts and their order, inside a do block that no text can end', async () => {
    await client.query('set standard_conforming_strings = on');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 4 }), async (rows) => {
        const body = `declare r text[]; begin
          foreach r slice 1 in array ${literalRows(rows)} loop
            perform set_config('qhub.seen', current_setting('qhub.seen', true) || md5(r[1]) || md5(r[2]), false);
          end loop; end`;
        await client.query("select set_config('qhub.seen', '', false)");
        await client.query(doBlock(body));
        const { rows: seen } = await client.query(
          "select current_setting('qhub.seen') = (select string_agg(md5(t), '' order by n) from unnest($1::text[]) with ordinality as u(t, n)) as same",
          [rows.flat()],
        );
        assert.equal(seen[0].same, true);
      }),
      { numRuns: 50 },
    );
  });

  it('an identifier is the name it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        fc.pre(name !== '' && Buffer.byteLength(name) <= 63);
        const { fields } = await client.query(`select 1 as ${identifier(name)}`);
        assert.equal(fields[0]?.name, name);
      }),
    );
  });

  it('refuses what PostgreSQL would cut or cannot hold', () => {
    for (const name of ['', 'n'.repeat(64), 'é'.repeat(32), 'nul\0'])
      assert.throws(() => identifier(name), TypeError);
    assert.throws(() => literal('nul\0'), TypeError);
  });
});
