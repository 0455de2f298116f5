// docs/data-model.md: the data dictionary and an entity-relationship diagram for each domain.
import {
  describeTables,
  entities,
  type TableDescription,
} from '../../services/shared/database/models/index.ts';
import { diagram } from './data-model/diagram.ts';
import { tableSection } from './data-model/table-section.ts';
import { type Document, generatedMark } from './documents.ts';
import { anchor, blocks, code, link } from './markdown.ts';

const introduction = `
One PostgreSQL database, a schema for each domain. The services write their own schema only and read of the others what is
granted to them. What follows is read from the models in \`services/shared/database/models/\`; comments, constraints and
policies are those in the database.

- Every \`id\` is a UUIDv7 and made in the application; \`created_at\` and \`updated_at\` are kept by the database.
- Money is a whole number of minor units (\`..._minor\`) beside an ISO 4217 currency, never a float.
- Row security is **forced**: it binds the owner of a table too. *The signed-in user* is the actor that the unit of work
  set, \`hub.actor()\`; without one, no row that belongs to somebody is seen.
- A right opens a table or some of its columns, a policy opens rows: whoever reads or writes needs both.
`;

function contents(domains: ReadonlyMap<string, readonly TableDescription[]>): string {
  return Array.from(domains, ([domain, tables]) => {
    const names = tables.map(({ schema, name }) => link(code(name), anchor(`${schema}.${name}`)));
    return `- ${link(domain, anchor(domain))}: ${names.join(', ')}`;
  }).join('\n');
}

/** The document of the given tables; without an argument, of all models. */
export function dataModel(tables: readonly TableDescription[] = describeTables(entities)): Document {
  const domains = new Map<string, TableDescription[]>();
  for (const table of tables) domains.set(table.schema, [...(domains.get(table.schema) ?? []), table]);
  const sections = Array.from(domains, ([domain, list]) =>
    blocks(`## ${domain}`, diagram(list), ...list.map(tableSection)),
  );
  return {
    path: 'docs/data-model.md',
    text: blocks(generatedMark, '# Data model', introduction, contents(domains), ...sections),
  };
}
