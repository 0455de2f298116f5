/** What separates a live database from the models, as SQL in both directions. */
import { MikroORM, SqlSchemaGenerator } from '@mikro-orm/postgresql';
import type { DatabaseSchema, DatabaseTable } from '@mikro-orm/sql';
import { ormOptions } from '../models/orm-options.ts';

export type AdminAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

type Schemas = { readonly fromSchema: DatabaseSchema; readonly toSchema: DatabaseSchema };

/** Empty texts mean: the database is as the models say. */
export async function diffModels(address: AdminAddress): Promise<{ up: string; down: string }> {
  const { database, ...login } = address;
  const orm = new MikroORM({ ...ormOptions, ...login, dbName: database });
  try {
    const generator = new SqlSchemaGenerator(orm.em);
    // biome-ignore lint/complexity/useLiteralKeys: the method is private in the types, and there is no public place to hook in
    const prepare = generator['prepareSchemaForComparison'].bind(generator);
    // biome-ignore lint/complexity/useLiteralKeys: as above
    generator['prepareSchemaForComparison'] = async (options: Parameters<typeof prepare>[0]) => {
      const schemas = await prepare(options);
      livePartitionsWin(schemas);
      liveFunctionsWin(schemas);
      await equalChecksAgree(orm, schemas);
      return schemas;
    };
    const { up, down } = await generator.getUpdateSchemaMigrationSQL({ wrap: false });
    return { up: up.trim(), down: down.trim() };
  } finally {
    await orm.close();
  }
}

function pairs({ fromSchema, toSchema }: Schemas): [DatabaseTable, DatabaseTable][] {
  return fromSchema.getTables().flatMap((live) => {
    const target = toSchema.getTable(live.getShortestName(false));
    return target === undefined ? [] : [[live, target] as [DatabaseTable, DatabaseTable]];
  });
}

/**
 * A partition made at run time would read as a change of the model, and the rebuild that MikroORM
 * 7.2.1 generates for it drops CHECK constraints. Partition upkeep is not the differ's.
 */
function livePartitionsWin(schemas: Schemas): void {
  for (const [live, target] of pairs(schemas)) {
    if (live.getPartitioning()) target.setPartitioning(live.getPartitioning());
  }
}

/**
 * Functions are written by hand in migrations. `ignoreRoutines` keeps them out of the way up only: the way down made
 * them anew, those with SECURITY DEFINER too, without their search_path.
 */
function liveFunctionsWin({ fromSchema, toSchema }: Schemas): void {
  for (const routine of fromSchema.getRoutines()) toSchema.addRoutine(routine);
}

/**
 * PostgreSQL prints a check otherwise than it was written (`between` becomes two comparisons), and
 * MikroORM compares texts. So the server itself prints the model's check, on a temporary copy of the
 * table, and where it prints the same as for the live check, both are the same.
 */
async function equalChecksAgree(orm: MikroORM, schemas: Schemas): Promise<void> {
  await orm.em.transactional(async (em) => {
    for (const [live, target] of pairs(schemas)) {
      const checks = target.getChecks().filter((check) => live.hasCheck(check.name));
      if (checks.length === 0) continue;
      const constraints = checks.map(
        ({ name, expression }) => `add constraint "${name}" check (${expression})`,
      );
      await em.execute(`create temporary table as_declared (like ${live.getQuotedName()})`);
      await em.execute(`alter table as_declared ${constraints.join(', ')}`);
      const same = await em.execute<{ name: string }[]>(
        `select a.conname as name
           from pg_constraint a join pg_constraint b on a.conname = b.conname
          where a.conrelid = 'as_declared'::regclass and b.conrelid = '${live.getQuotedName()}'::regclass
            and pg_get_constraintdef(a.oid) = pg_get_constraintdef(b.oid)`,
      );
      await em.execute('drop table as_declared');
      for (const { name } of same) {
        const declared = checks.find((check) => check.name === name);
        if (declared) declared.expression = live.getCheck(name)?.expression ?? declared.expression;
      }
    }
  });
}
