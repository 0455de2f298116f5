import { fixedSearchPath, type TimeoutOptions, timeoutSettings } from '../options.ts';
import { identifier } from '../sql-text.ts';
import type { Facts } from './facts.ts';
import { type Finding, warning } from './finding.ts';

/** The search path and time limits that the server keeps for a login in this database. */
export function settingFindings(facts: Facts, login: string, timeouts: TimeoutOptions = {}): Finding[] {
  const kept = new Map(
    facts.settings
      .filter((setting) => setting.login === login)
      .map((setting) => [setting.name, setting.value]),
  );
  const set = `alter role ${identifier(login)} in database ${identifier(facts.database)} set`;
  const findings: Finding[] = [];
  const path = kept.get('search_path');
  if (path !== fixedSearchPath) {
    const found = path === undefined ? 'has no search_path of its own' : `has the search_path "${path}"`;
    findings.push(
      warning(
        `the login "${login}" ${found}, expected "${fixedSearchPath}"`,
        `${set} search_path = ${fixedSearchPath}`,
      ),
    );
  }
  for (const key of Object.keys(timeoutSettings) as (keyof TimeoutOptions)[]) {
    const name = timeoutSettings[key];
    const expected = timeouts[key] === undefined ? undefined : `${timeouts[key]}ms`;
    const found = kept.get(name);
    if (found === undefined) {
      findings.push(warning(`the login "${login}" has no ${name}, expected ${expected ?? 'one'}`));
    } else if (expected !== undefined && found !== expected) {
      findings.push(
        warning(
          `the login "${login}" has ${name} ${found}, expected ${expected}`,
          `${set} ${name} = '${expected}'`,
        ),
      );
    }
  }
  return findings;
}
