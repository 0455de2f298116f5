// openapi.json from the routes, and the types of the client from it.
import { openApiText } from '../../apps/hub/openapi.ts';
import { clientSchema } from '../../packages/client/generate-schema.ts';
import type { Document } from './documents.ts';

export async function apiDocuments(): Promise<Document[]> {
  const text = openApiText();
  return [
    { path: 'openapi.json', text },
    { path: 'packages/client/schema.ts', text: await clientSchema(JSON.parse(text)) },
  ];
}
