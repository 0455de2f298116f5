// `npm run generate` writes every generated document; `--check` writes nothing and fails when one is stale.
import { apiDocuments } from './generate/api-documents.ts';
import { dataModel } from './generate/data-model.ts';
import { staleDocuments, writeDocuments } from './generate/documents.ts';
import { errorPages } from './generate/error-pages.ts';
import { jobStatesPage } from './generate/job-states.ts';
import { openqasmReadme } from './generate/openqasm-readme.ts';
import { resultSchema } from './generate/result-schema.ts';
import { schemaChanges } from './generate/schema-changes.ts';
import { settingsPage } from './generate/settings-page.ts';
import { root } from './rooms.ts';

const documents = [
  ...errorPages(),
  dataModel(),
  schemaChanges(),
  jobStatesPage(),
  openqasmReadme(),
  settingsPage(),
  resultSchema(),
  ...(await apiDocuments()),
];
const [flag, ...more] = process.argv.slice(2);

if (more.length > 0 || (flag !== undefined && flag !== '--check')) {
  process.stderr.write(`unknown arguments: ${process.argv.slice(2).join(' ')}; expected none or --check\n`);
  process.exitCode = 2;
} else if (flag === '--check') {
  const stale = await staleDocuments(root, documents);
  for (const { path, reason } of stale) process.stderr.write(`${path} ${reason}\n`);
  if (stale.length > 0) process.stderr.write('run `npm run generate` and commit what it changes\n');
  else process.stdout.write(`${documents.length} generated documents are current\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  const changed = await writeDocuments(root, documents);
  for (const { path, reason } of changed) process.stdout.write(`${path} ${reason}\n`);
  process.stdout.write(`${documents.length} generated documents are current, ${changed.length} changed\n`);
}
