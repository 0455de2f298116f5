/** What MikroORM is told wherever it is opened: for units of work and for the differ. */
import type { Options } from '@mikro-orm/postgresql';
import { HubNamingStrategy } from './declaration/naming.ts';
import { entities } from './index.ts';

export const ormOptions = {
  entities: [...entities],
  namingStrategy: HubNamingStrategy,
  forceUtcTimezone: true,
  schemaGenerator: {
    ignoreSchema: ['hub', 'archive'],
    // Functions are written by hand in migrations; without this the differ would drop them.
    ignoreRoutines: true,
    disableForeignKeys: false,
  },
} satisfies Options;
