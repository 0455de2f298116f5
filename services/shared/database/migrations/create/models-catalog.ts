import { type EntitySchema, MikroORM, SqlSchemaGenerator } from '@mikro-orm/postgresql';
import { hubError } from '@quantum-hub/kernel';
import { ormOptions } from '../../models/orm-options.ts';
import type { OwnerSession } from '../../scratch/scratch-database.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { quote } from './change.ts';

/**
 * What the models say, as PostgreSQL understands it: in a transaction that is rolled back, MikroORM makes their tables
 * beside the migrations' functions. So both sides of a comparison are printed by the same server.
 */
export async function modelsCatalog(
  session: OwnerSession,
  before: Catalog,
  entities: readonly EntitySchema[],
): Promise<Catalog> {
  const sql = await createModelsSql(entities);
  await session.query('begin');
  try {
    return await makeModels(session, before, sql);
  } finally {
    await session.query('rollback');
  }
}

async function makeModels(session: OwnerSession, before: Catalog, sql: string): Promise<Catalog> {
  const tables = [...before.tables.values()].map(({ schema, name }) => quote(schema, name));
  await session.query(inTheWay(before).join(';\n'));
  // What is written by hand may hang on them; this is a scratch database.
  if (tables.length > 0) await session.query(`drop table ${tables.join(', ')} cascade`);
  await session.query(sql).catch((error: Error) => {
    const reason = `PostgreSQL refuses what the models say: ${error.message}`;
    throw hubError('database.migration_not_generated', { reason }, { cause: error });
  });
  const models = await readCatalog(session);
  const used = new Set([...models.tables.values()].map(({ schema }) => schema));
  const held = new Set([...before.tables.values()].map(({ schema }) => schema));
  const { rows } = await session.query(`
    select nspname as name from pg_namespace n
     where not exists (select from pg_class where relnamespace = n.oid) and not exists (select from pg_proc where pronamespace = n.oid)`);
  const empty = new Set(rows.map(({ name }) => String(name)));
  // A schema whose last table went goes too, unless something else is in it.
  const schemas = [...models.schemas].filter((name) => used.has(name) || !held.has(name) || !empty.has(name));
  return { ...models, schemas: new Set(schemas) };
}

/** Models may say views and enums too. */
function inTheWay(before: Catalog): string[] {
  return [...before.inventory.values()].flatMap(({ kind, name, facts, parent }) => {
    if (parent === 'schema hub') return [];
    if (kind === 'view' || kind === 'materialized view') return [`drop ${kind} if exists ${name} cascade`];
    return kind === 'type' && facts.values !== undefined ? [`drop type ${name} cascade`] : [];
  });
}

async function createModelsSql(entities: readonly EntitySchema[]): Promise<string> {
  const orm = new MikroORM({ ...ormOptions, entities: [...entities], dbName: 'none' });
  try {
    const generator = new SqlSchemaGenerator(orm.em);
    // The SQL for an empty database: nothing is asked, so there is nothing to connect to.
    generator.ensureDatabase = async () => true;
    return await generator.getCreateSchemaSQL({ wrap: false });
  } finally {
    await orm.close();
  }
}
