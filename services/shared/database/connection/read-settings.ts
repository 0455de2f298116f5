import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readDatabaseUrl, type UrlParts } from './database-url.ts';
import { type SettingDescription, type SettingKey, type SettingValue, settings } from './settings-list.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Values = { readonly [Key in SettingKey]?: SettingValue<Key> };

/** What the environment says, with every fault found on the way as one line each. */
export interface ReadSettings {
  readonly values: Values;
  readonly faults: string[];
}

/** An empty variable counts as absent: `docker compose` passes unset ones that way. */
function given(env: Environment, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function readSecretFile(env: Environment, setting: SettingDescription, faults: string[]): string | undefined {
  const variable = `${setting.name}_FILE`;
  const path = setting.secret ? given(env, variable) : undefined;
  if (path === undefined) return undefined;
  if (given(env, setting.name) !== undefined) {
    faults.push(`${variable} and ${setting.name} are both set; set only one of them`);
  }
  try {
    // npx changes the directory inside a workspace; INIT_CWD is where the person stood.
    return readFileSync(resolve(env.INIT_CWD ?? process.cwd(), path), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    faults.push(`${variable} is "${path}" (${reason}); expected a readable file with ${setting.expected}`);
    return undefined;
  }
}

function readUrl(env: Environment, faults: string[]): UrlParts {
  const url = readSecretFile(env, settings.url, faults) ?? given(env, settings.url.name);
  if (url === undefined) return {};
  const { parts, fault } = readDatabaseUrl(url);
  if (fault) faults.push(`${settings.url.name} ${fault}`);
  return parts;
}

function describe(setting: SettingDescription, value: string): string {
  return setting.secret ? 'has a value' : `is "${value}"`;
}

/** Reads every setting and collects the faults instead of stopping at the first. */
export function readSettings(env: Environment): ReadSettings {
  const faults: string[] = [];
  const parts = readUrl(env, faults);
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(settings) as SettingKey[]) {
    if (key === 'url') continue;
    const setting: SettingDescription = settings[key];
    const single = readSecretFile(env, setting, faults) ?? given(env, setting.name);
    const fromUrl = parts[key] === '' ? undefined : parts[key];
    if (single !== undefined && fromUrl !== undefined && single !== fromUrl) {
      const both = setting.secret ? '' : `: "${single}" and "${fromUrl}"`;
      faults.push(`${setting.name} and DATABASE_URL say different things${both}; set only one of them`);
    }
    const value = single ?? fromUrl;
    if (value === undefined) continue;
    const checked = settings[key].schema.safeParse(value);
    if (checked.success) values[key] = checked.data;
    else faults.push(`${setting.name} ${describe(setting, value)}; expected ${setting.expected}`);
  }
  return { values, faults };
}
