// docs/settings.md: every setting of the hub, from the list that reads them.
import { settingsList } from '../../apps/hub/settings-list.ts';
import { type Document, generatedMark } from './documents.ts';
import { blocks, code, table } from './markdown.ts';

const introduction = `
The hub reads these from the environment when it starts, tells all faults at once, and never prints a secret. \`npx qhub serve\`
takes \`--host\` and \`--port\` instead of the first two. The database's are \`POSTGRES_*\` and \`DATABASE_URL\` (see the README), those
of backups are in [operations](operations.md).
`;

export function settingsPage(): Document {
  const rows = settingsList.map((setting) => [
    code(setting.name),
    'default' in setting ? code(setting.default) : '',
    setting.expected,
    setting.meaning,
  ]);
  return {
    path: 'docs/settings.md',
    text: blocks(
      generatedMark,
      '# Settings of the hub',
      introduction,
      table(['name', 'default', 'expected', 'meaning'], rows),
    ),
  };
}
