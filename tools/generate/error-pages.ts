// docs/errors/: a page for each room with a section for each code, and an index of all.
import { STATUS_CODES } from 'node:http';
import { catalogue, type ErrorEntry } from '../../services/shared/kernel/index.ts';
import { type Document, generatedMark } from './documents.ts';
import { anchor, blocks, code, link, table } from './markdown.ts';

const folder = 'docs/errors';

const introduction = `
Every error of Quantum Hub has a code of the form \`<room>.<fact>\`, which never changes its meaning. Programs decide by the
code, people read the text. The catalogue stands in \`services/shared/kernel/errors/\`.

Two texts belong to a code: one for operators (logs, command line) and one for callers over HTTP, who may know less.
In the texts below, \`{name}\` stands for a value, and a part in square brackets is left out where its value is unknown or
must stay secret. The values of rows never appear in an error. Something that belongs to another user looks like something
that does not exist.
`;

/** How a status is named; 499 is nginx's, in wide use for a caller that went away. */
function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? 'Client Closed Request'}`;
}

function section(errorCode: string, { status, message, publicMessage, why, fix }: ErrorEntry): string {
  return blocks(
    `## ${code(errorCode)}`,
    `HTTP ${statusText(status)}`,
    `\`\`\`text\n${message}\n\`\`\``,
    publicMessage === undefined ? '' : `Callers read: ${publicMessage}.`,
    `**Why:** ${why}`,
    `**What to do:** ${fix}`,
  );
}

function roomPage(room: string, entries: readonly [string, ErrorEntry][]): Document {
  const sections = entries.map(([errorCode, entry]) => section(errorCode, entry));
  return {
    path: `${folder}/${room}.md`,
    text: blocks(generatedMark, `# Errors: ${room}`, link('All errors', 'README.md'), ...sections),
  };
}

function indexPage(rooms: ReadonlyMap<string, readonly [string, ErrorEntry][]>): Document {
  const parts = Array.from(rooms, ([room, entries]) => {
    const rows = entries.map(([errorCode, { status, why }]) => [
      link(code(errorCode), `${room}.md${anchor(errorCode)}`),
      String(status),
      why,
    ]);
    return blocks(`## ${link(room, `${room}.md`)}`, table(['code', 'HTTP', 'why'], rows));
  });
  return { path: `${folder}/README.md`, text: blocks(generatedMark, '# Errors', introduction, ...parts) };
}

/** The pages of a catalogue, in its own order. */
export function errorPages(entries: Readonly<Record<string, ErrorEntry>> = catalogue): Document[] {
  const rooms = new Map<string, [string, ErrorEntry][]>();
  for (const [errorCode, entry] of Object.entries(entries)) {
    const room = errorCode.slice(0, errorCode.indexOf('.'));
    rooms.set(room, [...(rooms.get(room) ?? []), [errorCode, entry]]);
  }
  return [indexPage(rooms), ...Array.from(rooms, ([room, list]) => roomPage(room, list))];
}
