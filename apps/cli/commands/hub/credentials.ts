import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';

/** Where a hub of one's own listens. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** Who is signed in where. */
export interface Credential {
  /** An API key or a session token. */
  readonly secret: string;
  readonly username: string;
}

interface Kept {
  /** The hub that was signed in to last: the one that is meant when none is named. */
  readonly url?: string;
  readonly hubs: Readonly<Record<string, Credential>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `~/.config/quantum-hub/credentials.json`, or in `XDG_CONFIG_HOME`. */
export function credentialsPath(env: Environment = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'quantum-hub', 'credentials.json');
}

/** The hub that commands speak to: `QHUB_URL`, else that of the last sign-in, else one on this machine. */
export function hubUrl(env: Environment = process.env): string {
  const text = env.QHUB_URL || read(env).url || defaultUrl;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // With a query or a user in it no request could be made of it, and the message would show the password.
  const plain = url && url.username + url.password + url.search + url.hash === '' && !/[?#]$/.test(text);
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw hubError('kernel.usage_invalid', {
      reason: `QHUB_URL is "${withoutUser(text)}"; expected the address of a hub, such as ${defaultUrl}`,
      help: 'npx qhub login --help',
    });
  }
  return url.href.replace(/\/+$/, '');
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//...@');
}

/** `QHUB_API_KEY` wins over what was kept, so that scripts never act as whoever signed in last. */
export function credentialFor(url: string, env: Environment = process.env): string | undefined {
  return env.QHUB_API_KEY || keptCredential(url, env)?.secret;
}

/** The session of whoever signed in here. */
export function keptCredential(url: string, env: Environment = process.env): Credential | undefined {
  return read(env).hubs[url];
}

export function keepCredential(url: string, credential: Credential, env: Environment = process.env): void {
  write({ url, hubs: { ...read(env).hubs, [url]: credential } }, env);
}

export function forgetCredential(url: string, env: Environment = process.env): void {
  const { url: last, hubs } = read(env);
  const { [url]: _, ...others } = hubs;
  write({ ...(last !== undefined && { url: last }), hubs: others }, env);
}

function read(env: Environment): Kept {
  const path = credentialsPath(env);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { hubs: {} };
    throw unusable(path, 'read', error);
  }
  const kept = parse(text);
  if (!isKept(kept)) throw unusable(path, 'read', new Error('it is not what `npx qhub login` writes'));
  return kept;
}

/** undefined for what is no JSON. The parser's own message would show some of the text, and the file holds secrets. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  if (!isRecord(value) || !isRecord(value.hubs)) return false;
  if (value.url !== undefined && !(typeof value.url === 'string' && URL.canParse(value.url))) return false;
  const credentials = Object.values(value.hubs);
  return credentials.every((each) => isRecord(each) && typeof each.secret === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Written beside and renamed, readable by its owner only from the first byte on. */
function write(kept: Kept, env: Environment): void {
  const path = credentialsPath(env);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    throw unusable(path, 'written', error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function unusable(file: string, what: 'read' | 'written', error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ''] ?? message;
  return hubError('kernel.sign_ins_unusable', { file, what, reason }, { cause: error });
}
