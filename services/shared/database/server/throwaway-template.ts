import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, childOptions } from './account.ts';
import type { Binaries } from './binaries.ts';
import { initialiseDataDir } from './initialise.ts';

const PREFIX = 'qhub-template-';
const DAY_MS = 86_400_000;

/** Where a throwaway server is made from. */
export type TemplateSource = { root: string; binaries: Binaries; account: Account };

/**
 * Fills `dataDir` with a fresh data directory and answers the administrator's password. It copies one that `initdb` made
 * once a day for everybody (0.1 s in place of 1 s); should the copy fail, `initdb` runs for this one alone.
 */
export async function copyTemplate(dataDir: string, source: TemplateSource): Promise<string> {
  try {
    const template = await findTemplate(source);
    await promisify(execFile)('cp', ['-pPR', join(template, 'data'), dataDir], childOptions(source.account));
    return readFileSync(join(template, 'password'), 'utf8');
  } catch {
    rmSync(dataDir, { recursive: true, force: true });
    return await initialise(dataDir, source);
  }
}

// Of today, because cleaners of temporary folders remove old files one by one, and half a template is none.
async function findTemplate({ root, binaries, account }: TemplateSource): Promise<string> {
  // Programs of the same version and size make the same data: several checkouts share one template.
  const identity = `${binaries.version} ${statSync(binaries.postgres).size} ${ownerOf(account)}`;
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const template = join(root, `${PREFIX}${key}-${today()}`);
  if (!existsSync(template)) await makeTemplate(template, { root, binaries, account });
  const facts = lstatSync(template);
  // The temporary folder is everybody's: what is not ours is not trusted.
  if (!facts.isDirectory() || facts.uid !== ownerOf(account))
    throw new Error(`${template} belongs to somebody else`);
  clearOld(root);
  return template;
}

function clearOld(root: string): void {
  for (const name of readdirSync(root)) {
    const day = /^qhub-template-\w+-(\d+)$/.exec(name)?.[1];
    if (day === undefined || Number(day) >= today()) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

function today(): number {
  return Math.floor(Date.now() / DAY_MS);
}

async function makeTemplate(template: string, source: TemplateSource): Promise<void> {
  const draft = join(source.root, `${PREFIX}draft-${randomUUID()}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    if (source.account) chownSync(draft, source.account.uid, source.account.gid);
    const password = await initialise(join(draft, 'data'), source);
    writeFileSync(join(draft, 'password'), password, { mode: 0o600 });
    renameSync(draft, template);
  } catch (error) {
    // Somebody else finished first: theirs is as good.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise(dataDir: string, { binaries, account }: TemplateSource): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  await initialiseDataDir(dataDir, { binaries, account, password, durable: false });
  return password;
}

function ownerOf(account: Account): number {
  return account?.uid ?? process.getuid?.() ?? 0;
}
