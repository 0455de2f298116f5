import { STATUS_CODES } from 'node:http';
import type { ErrorEntry } from '@quantum-hub/kernel';

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/`([^`]+)`/g, '<code>$1</code>');

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}code{background:#8882;padding:0 .2em;border-radius:3px}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}';

/** The page of one code, of the same entry as `docs/errors/`: the public text, why, and what to do. */
export function errorPage(code: string, { status, message, publicMessage, why, fix }: ErrorEntry): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(code)}</title><meta name="viewport" content="width=device-width"><style>${style}</style></head>
<body><h1><code>${escaped(code)}</code></h1>
<p>HTTP ${status} ${escaped(STATUS_CODES[status] ?? 'Client Closed Request')}</p>
<blockquote>${escaped(publicMessage ?? message)}</blockquote>
<h2>Why</h2><p>${escaped(why)}</p>
<h2>What to do</h2><p>${escaped(fix)}</p>
</body></html>
`;
}
