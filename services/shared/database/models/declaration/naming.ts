/**
 * One rule for names: `<table>_<columns>_<kind>` with PostgreSQL's own kinds (pkey, key, fkey, idx,
 * check), so that a name tells what it is and reads as the server would have named it.
 * Names over PostgreSQL's 63 bytes are cut and end in a hash (MikroORM does that).
 */
import { UnderscoreNamingStrategy } from '@mikro-orm/core';

const kinds: Readonly<Record<string, string>> = {
  unique: 'key',
  foreign: 'fkey',
  index: 'idx',
};

export class HubNamingStrategy extends UnderscoreNamingStrategy {
  override indexName(
    tableName: string,
    columns: string[],
    type: 'primary' | 'foreign' | 'unique' | 'index' | 'sequence' | 'check' | 'default',
  ): string {
    const name = super.indexName(tableName, columns, type);
    const kind = kinds[type];
    return kind === undefined ? name : `${name.slice(0, -type.length)}${kind}`;
  }
}
