/** Guarantee: each way a migration can hurt is found and named by its rule, and what is well, allowed or only quoted is not. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LintFinding } from './finding.ts';
import { lintMigrations } from './lint-migrations.ts';

type Case = {
  readonly what: string;
  readonly up: string;
  readonly hazards?: string;
  readonly transaction?: string;
  readonly expected: readonly string[];
};

const cases: Case[] = [
  {
    what: 'update without where',
    up: 'update a.b set c = 1',
    hazards: 'data-change',
    expected: ['update-without-where'],
  },
  {
    what: 'update where true',
    up: 'update a.b set c = 1 where (true)',
    hazards: 'data-change',
    expected: ['update-without-where'],
  },
  {
    what: 'update with where only in a sub-select',
    up: 'update a.b set c = (select d from a.e where e.id = 1)',
    hazards: 'data-change',
    expected: ['update-without-where'],
  },
  {
    what: 'delete without where',
    up: 'delete from a.b',
    hazards: 'data-change',
    expected: ['delete-without-where'],
  },
  {
    what: 'delete in a do block',
    up: 'do $$ begin if true then delete from a.b; end if; end $$',
    hazards: 'data-change',
    expected: ['delete-without-where'],
  },
  {
    what: 'delete behind with',
    up: 'with x as (select 1) delete from a.b',
    hazards: 'data-change',
    expected: ['delete-without-where'],
  },
  {
    what: 'delete within with',
    up: 'with x as (delete from a.b returning id) select id from x',
    hazards: 'data-change',
    expected: ['delete-without-where'],
  },
  {
    what: 'update with where',
    up: "update a.b set c = ';' where c is null",
    hazards: 'data-change',
    expected: [],
  },
  {
    what: 'a trigger on update and a foreign key that cascades',
    up: 'create trigger t before update on a.b for each row execute function a.f()',
    expected: [],
  },
  {
    what: 'a text and a comment that look like code',
    up: "comment on table a.b is 'delete from a.b; drop schema a cascade' /* grant all on a.b to public */",
    expected: [],
  },
  {
    what: 'an open policy',
    up: 'create policy p on a.b for select to qhub_identity using (true)',
    expected: ['policy-always-true'],
  },
  {
    what: 'an open policy for everybody',
    up: 'create policy p on a.b using (true)',
    expected: ['policy-always-true'],
  },
  {
    what: 'an open check',
    up: 'create policy p on a.b to qhub_identity using (c = 1) with check (true)',
    expected: ['policy-always-true'],
  },
  {
    what: 'a policy of upkeep',
    up: 'create policy p on a.b to "qhub_maintenance", qhub_backup using (true) with check (true)',
    expected: [],
  },
  {
    what: 'upkeep and somebody else',
    up: 'create policy p on a.b to qhub_backup, qhub_identity using (true)',
    expected: ['policy-always-true'],
  },
  {
    what: 'drop schema cascade',
    up: 'drop schema a cascade',
    hazards: 'cascade',
    expected: ['drop-schema-cascade'],
  },
  { what: 'disable trigger', up: 'alter table a.b disable trigger all', expected: ['disable-trigger'] },
  {
    what: 'replication role',
    up: 'set local session_replication_role = replica',
    expected: ['disable-trigger'],
  },
  {
    what: 'row security off',
    up: 'alter table a.b disable row level security',
    expected: ['row-security-off'],
  },
  {
    what: 'row security not forced',
    up: 'alter table a.b no force row level security',
    expected: ['row-security-off'],
  },
  {
    what: 'grant to public',
    up: 'grant select on a.b to qhub_identity, public',
    expected: ['grant-to-public'],
  },
  {
    what: 'default rights for public',
    up: 'alter default privileges in schema a grant select on tables to public',
    expected: ['grant-to-public'],
  },
  { what: 'revoke from public', up: 'revoke execute on function a.f() from public', expected: [] },
  {
    what: 'security definer',
    up: "create function a.f() returns int language sql security definer as 'select 1'",
    expected: ['definer-without-search-path'],
  },
  {
    what: 'security definer with a path',
    up: "create function a.f() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1'",
    expected: [],
  },
  {
    what: 'commit',
    up: 'commit',
    expected: ['own-transaction', 'transaction-nesting'],
  },
  { what: 'cluster', up: 'cluster a.b using i', expected: ['table-rewrite'] },
  {
    what: 'a name without its schema',
    up: 'create table b (id uuid primary key)',
    expected: ['require-table-schema'],
  },
  {
    what: 'a varchar',
    up: 'create table a.b (id uuid primary key, c varchar(3))',
    expected: ['prefer-text-field'],
  },
  { what: 'broken SQL', up: 'creat table a.b ()', expected: ['syntax-error'] },
  { what: 'a quote without an end', up: "comment on table a.b is 'x", expected: ['unfinished'] },
  { what: 'nothing', up: '-- nothing', expected: ['empty-file'] },
  {
    what: 'concurrently in a transaction',
    up: 'create index concurrently i on a.b (c)',
    expected: ['needs-no-transaction'],
  },
  {
    what: 'concurrently without one',
    up: 'create index concurrently i on a.b (c)',
    transaction: 'none',
    expected: [],
  },
  {
    what: 'two statements without a transaction',
    up: 'create index concurrently i on a.b (c); create index concurrently j on a.b (c)',
    transaction: 'none',
    expected: ['one-statement'],
  },
];

/** Each is found while the header does not name it, and is well once it does. */
const hazards: [string, string][] = [
  ['drop-table', 'drop table a.b'],
  ['drop-column', 'alter table a.b drop column c'],
  ['drop-column', 'alter table a.b alter c drop default, drop c'],
  ['drop-constraint', 'alter table a.b drop constraint c'],
  ['change-type', 'alter table a.b alter column c type bigint'],
  ['narrow-type', 'alter table a.b alter column c set data type text'],
  ['not-null-without-default', 'alter table a.b add column c text not null'],
  ['not-null-without-default', 'alter table a.b alter column c set not null'],
  ['cascade', 'drop function a.f() cascade'],
  ['rename', 'alter table a.b rename column c to d'],
  ['rename', 'alter table a.b rename to d'],
  ['rename', 'alter table a.b set schema d'],
  ['blocking-index', 'create index i on a.b (c)'],
  ['blocking-index', 'create unique index i on a.b (c)'],
  ['blocking-index', 'drop index a.i'],
  ['blocking-constraint', 'alter table a.b add constraint c check (d > 0)'],
  ['blocking-constraint', 'alter table a.b add constraint c foreign key (d) references a.e (id)'],
  ['blocking-constraint', 'alter table a.b add constraint c unique (d)'],
  ['data-change', "insert into a.b (c) values ('x')"],
  ['data-change', 'do $$ begin update a.b set c = 1 where c = 2; end $$'],
];

const harmless = [
  'create table a.b (id uuid primary key, c text); create index i on a.b (c); alter table a.b add constraint d check (c > 0); alter table a.b alter column c set not null',
  'alter table a.b add column c text',
  "alter table a.b add column c text not null default 'x'",
  'alter table a.b add constraint c check (d > 0) not valid',
  'alter table a.b validate constraint c',
  'alter table a.b alter column c drop not null',
  'alter table a.b rename constraint c to d',
  'create function a.f() returns void language sql as $$ delete from a.b $$',
];

let folder: string;
let findings: readonly LintFinding[];
let written = 0;
const header = (more: { hazards?: string; transaction?: string }) =>
  `-- Description: x\n-- Hazards: ${more.hazards ?? 'none'}\n-- Reversible: yes\n-- Breaking: no\n-- Transaction: ${more.transaction ?? 'one'}\n\n`;
const down = '-- Description: x\n\nselect 1;\n';

function write(
  up: string,
  { downText = down, ...more }: { hazards?: string; transaction?: string; downText?: string } = {},
): string {
  const name = `20260101T${String(++written).padStart(6, '0')}_x`;
  writeFileSync(join(folder, 'versions', `${name}.up.sql`), `${header(more)}${up};\n`);
  writeFileSync(join(folder, 'versions', `${name}.down.sql`), downText);
  return name;
}

const rulesOf = (name: string) =>
  findings.filter(({ file }) => file.startsWith(name)).map(({ rule }) => rule);
const names = new Map<string, string>();

// All of them in one run of squawk: its start is what takes time.
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qhub-lint-'));
  mkdirSync(join(folder, 'versions'));
  for (const { what, up, ...more } of cases) names.set(what, write(up, more));
  for (const [hazard, up] of hazards) {
    names.set(`without ${up}`, write(up));
    names.set(`with ${up}`, write(up, { hazards: hazard }));
  }
  for (const up of harmless) names.set(up, write(up));
  names.set('idle', write('select 1', { hazards: 'drop-table' }));
  names.set(
    'allowed',
    write(
      '-- lint: allow grant-to-public: the status page\ngrant select on a.b to public;\ngrant select on a.c to public',
    ),
  );
  names.set('no reason', write('-- lint: allow grant-to-public:\ngrant select on a.b to public'));
  names.set('idle allowance', write('-- lint: allow grant-to-public: none here\nselect 1'));
  names.set('hazard allowance', write('-- lint: allow hazard-unnamed: please\ndrop table a.b'));
  names.set(
    'down',
    write('select 1', { downText: '-- Description: x\n\ndrop table a.b;\ndelete from a.c;\n' }),
  );
  names.set(
    'down key',
    write('select 1', { downText: '-- Description: x\n-- Hazards: none\n\nselect 1;\n' }),
  );
  const all = [...names.values()];
  names.set('no header', `${write('select 1')}`);
  writeFileSync(join(folder, 'versions', `${names.get('no header')}.up.sql`), 'select 1;\n');
  names.set('no down', write('select 1'));
  rmSync(join(folder, 'versions', `${names.get('no down')}.down.sql`));
  names.set('not in order', write('select 1'));
  writeFileSync(join(folder, 'versions', 'stray.sql'), down);
  const order = [...all, names.get('no header'), names.get('no down'), '20990101T000000_gone', all[0]];
  writeFileSync(join(folder, 'ORDER'), `${order.join('\n')}\n`);
  findings = (await lintMigrations(folder)).findings;
});
after(() => rmSync(folder, { recursive: true }));

const nameOf = (what: string) => names.get(what) ?? '';

describe('statements', () => {
  for (const { what, expected } of cases) {
    it(`${what}: ${expected.join(', ') || 'nothing'}`, () =>
      assert.deepEqual(rulesOf(nameOf(what)), expected));
  }
});

describe('hazards', () => {
  for (const [hazard, up] of hazards) {
    it(`${hazard}: ${up}`, () => {
      assert.deepEqual(rulesOf(nameOf(`without ${up}`)), ['hazard-unnamed']);
      assert.ok(
        findings.find(({ file }) => file.startsWith(nameOf(`without ${up}`)))?.message.includes(hazard),
      );
      assert.deepEqual(rulesOf(nameOf(`with ${up}`)), []);
    });
  }
  for (const up of harmless) it(`none: ${up}`, () => assert.deepEqual(rulesOf(nameOf(up)), []));
  it('one that is named for nothing', () => assert.deepEqual(rulesOf(nameOf('idle')), ['hazard-idle']));
});

describe('exceptions', () => {
  it('hold for one statement, with a reason', () => {
    const own = findings.filter(({ file }) => file.startsWith(nameOf('allowed')));
    assert.deepEqual(
      own.map(({ rule, line }) => [rule, line]),
      [['grant-to-public', 9]],
    );
  });
  it('need a reason, something to allow, and are not for hazards', () => {
    assert.deepEqual(rulesOf(nameOf('no reason')), ['allowance', 'grant-to-public']);
    assert.deepEqual(rulesOf(nameOf('idle allowance')), ['allowance']);
    assert.deepEqual(rulesOf(nameOf('hazard allowance')), ['allowance', 'hazard-unnamed']);
  });
});

describe('files', () => {
  it('of the way down may drop, but not everything else', () => {
    assert.deepEqual(rulesOf(nameOf('down')), ['delete-without-where']);
    assert.deepEqual(rulesOf(nameOf('down key')), ['header']);
  });
  it('have a header, a partner, a place in ORDER and a name of the one form', () => {
    assert.deepEqual(rulesOf(nameOf('no header')), ['header']);
    assert.deepEqual(rulesOf(nameOf('not in order')), ['order', 'order']);
    assert.deepEqual(rulesOf('stray'), ['file-name', 'header']);
    const order = findings.filter(({ file }) => file === 'ORDER');
    assert.deepEqual(
      order.map(({ rule }) => rule),
      ['missing-down', 'missing-up', 'missing-down', 'order'],
    );
    assert.ok(order[0]?.message.includes(nameOf('no down')));
  });
  it('of this hub have nothing to find', async () => {
    const { files, findings } = await lintMigrations();
    assert.ok(files.length >= 8);
    assert.deepEqual(findings, []);
  });
});
