/** What the tests of backups have in common. */
import { readDatabaseConfig } from '../config.ts';
import { type DatabasePlace, openPlace } from '../setup/database-place.ts';
import { settingsOf, type TestDatabase } from '../testing/index.ts';
import { lookForProgram } from './programs.ts';

/**
 * For `{ skip }`: why a test is left out on this machine. A missing program fails under CI; one that is older than the
 * server under test does not, because Debian has one major only.
 */
export async function withoutPrograms(db: TestDatabase): Promise<string | false> {
  const { rows } = await db.admin.query(
    `select current_setting('server_version_num')::integer / 10000 as major`,
  );
  const major = Number(rows[0]?.major);
  if (await lookForProgram('pg_dump', { atLeast: major })) return false;
  const some = await lookForProgram('pg_dump');
  if (some) return `pg_dump ${some.version} is older than the server`;
  return process.env.CI ? false : 'needs pg_dump (Debian: apt-get install postgresql-client)';
}

export async function placeOf(db: TestDatabase): Promise<DatabasePlace> {
  return await openPlace(readDatabaseConfig(settingsOf(db)), { purpose: 'test' });
}

type Session = { query(sql: string): Promise<{ rows: Record<string, unknown>[] }> };

/** An object of every kind and rows that are easily spoilt, beside the hub's own tables. */
export async function makeAwkwardObjects(session: Session): Promise<void> {
  for (const sql of awkward) await session.query(sql);
}

/** Quotes, spaces and letters beyond ASCII, doubled and plain. */
const schema = `"Odd ""schéma"" ☃"`;

const awkward: readonly string[] = [
  `create schema ${schema}; comment on schema ${schema} is $$it's "odd" \\ 量子$$; create extension citext; create extension pg_trgm`,
  `create type ${schema}.mood as enum ('glad', 'it''s so-so'); create type ${schema}.pair as (a int, b text);
   create domain ${schema}.percent as numeric(5, 2) check (value between 0 and 100);
   create type ${schema}.span as range (subtype = float8)`,
  `create sequence ${schema}."serial no" start 42 increment -3 minvalue -1000 maxvalue 99 cycle;
   select nextval('${schema}."serial no"'), nextval('${schema}."serial no"');
   create sequence ${schema}.untouched`,
  `create table ${schema}."every ""type""" (
     id bigint generated always as identity primary key, "r" text, t text collate "C", c char(5), v varchar(9), ci citext,
     b bytea, j json, jb jsonb, n numeric, f8 float8, f4 real, d date, ts timestamp, tz timestamptz, iv interval, tm timetz,
     u uuid, ip inet, mac macaddr, m money, bits bit varying(20), a text[][], mood ${schema}.mood, p ${schema}.pair,
     pc ${schema}.percent, sp ${schema}.span, ir int4range, mr int4multirange, tv tsvector, pt point, x xid8, reg regclass,
     doomed int, doubled numeric generated always as (n * 2) stored);
   alter table ${schema}."every ""type""" drop column doomed`,
  `insert into ${schema}."every ""type""" (r, t, c, v, ci, b, j, jb, n, f8, f4, d, ts, tz, iv, tm, u, ip, mac, m, bits, a, mood, p, pc, sp, ir, mr, tv, pt, x, reg)
   values (E'tab\\t newline\\n return\\r backslash \\\\ \\\\. \\\\N', E'👩‍🔬 ü ﷽ \\u0001', 'a', '', 'MiXed', decode(repeat('ff00017f80', 1000), 'hex'),
       '{"b": 1,   "a": [1, 1.0, 1e0], "b": 2}', '{"deep": {"π": "\\u0001", "n": 1.10}}', 1e-30, 'nan', '-infinity', 'infinity', '4713-01-01 bc', '9999-12-31 23:59:59.999999+14',
       '1 year -2 mons 3.000001 sec', '12:00:00.5+05:45', '00000000-0000-0000-0000-000000000000', '::ffff:1.2.3.4/128', '08:00:2b:01:02:03', -12.34, B'10110',
       array[array['a,b', null], array['{"', '']], 'it''s so-so', row(1, 'x,"y'), 99.99, '(1.5,2.5]', '[1,5)', '{[1,3),[7,9)}', to_tsvector('english', 'the quick foxes'), '(1,2.5)', '123', 'pg_class'),
     (null, null, null, null, null, '', 'null', 'null', 'nan', '-0', 1.1, '-infinity', null, '-infinity', null, null, null, null, null, null, '', '{}', null, null, null, 'empty', 'empty', '{}', '', null, null, null)`,
  `insert into ${schema}."every ""type""" (r, jb) select md5(i::text), jsonb_build_object('big', repeat('x', 300000), 'i', i) from generate_series(1, 3) i`,
  `create table ${schema}.twins (n int); insert into ${schema}.twins select i % 3 from generate_series(1, 300) i;
   create table ${schema}.empty (like ${schema}."every ""type""" including all); create table ${schema}.bare ();
   insert into ${schema}.bare default values; create unlogged table ${schema}.fleeting as select 1 as one;
   create table ${schema}.child (more text) inherits (${schema}.twins); insert into ${schema}.child values (7, 'seven')`,
  `create table ${schema}.parts (k int, region text, note text) partition by list (region);
   create table ${schema}.parts_eu partition of ${schema}.parts for values in ('eu') partition by hash (k);
   create table ${schema}.parts_eu_0 partition of ${schema}.parts_eu for values with (modulus 2, remainder 0);
   create table ${schema}.parts_eu_1 partition of ${schema}.parts_eu for values with (modulus 2, remainder 1);
   create table ${schema}.parts_rest partition of ${schema}.parts default;
   insert into ${schema}.parts select i, case when i % 2 = 0 then 'eu' else 'asia' end, i::text from generate_series(1, 200) i`,
  `create table ${schema}.guarded (id int primary key, owner text default current_user, during tstzrange, room int,
     constraint no_overlap exclude using gist (during with &&), constraint later foreign key (room) references ${schema}.guarded deferrable initially deferred);
   alter table ${schema}.guarded enable row level security; alter table ${schema}.guarded force row level security;
   create policy "own ""rows""" on ${schema}.guarded using (owner = current_user) with check (id > 0);
   create policy nobody on ${schema}.guarded as restrictive for delete to qhub_worker using (false);
   insert into ${schema}.guarded values (1, 'someone else', '[2026-01-01, 2026-02-01)', 1)`,
  `create function ${schema}.twice(int) returns int language sql immutable as 'select $1 * 2';
   create procedure ${schema}.nothing() language plpgsql as $$begin null; end$$;
   create aggregate ${schema}.total(int) (sfunc = int4pl, stype = int, initcond = '0');
   create function ${schema}.touch() returns trigger language plpgsql as $$begin return new; end$$;
   create trigger touched before update on ${schema}.twins for each row execute function ${schema}.touch();
   create index on ${schema}.twins (${schema}.twice(n)) where n > 0; create statistics ${schema}.stats on k, region from ${schema}.parts;
   create rule quiet as on insert to ${schema}.bare where false do instead nothing`,
  `create view ${schema}.seen with (security_barrier) as select n, count(*) from ${schema}.twins group by n;
   create materialized view ${schema}.kept as select * from ${schema}.seen; create publication "new rows" for table ${schema}.twins with (publish = 'insert')`,
  `grant usage on schema ${schema} to qhub_worker; grant select (n), update (n) on ${schema}.twins to qhub_worker with grant option;
   grant select on ${schema}.parts to public; grant execute on function ${schema}.twice(int) to qhub_identity;
   revoke execute on function ${schema}.twice(int) from public; grant usage on sequence ${schema}."serial no" to qhub_owner;
   alter default privileges in schema ${schema} grant select on tables to qhub_execution; alter table ${schema}.empty owner to qhub_owner`,
  `comment on table ${schema}.twins is 'E''vil $$ -- comment /* ☃'; comment on column ${schema}.twins.n is 'a number';
   comment on policy nobody on ${schema}.guarded is 'not even them'`,
  `select lo_from_bytea(0, decode(repeat('00ff', 5000), 'hex')), lo_from_bytea(0, '')`,
];
