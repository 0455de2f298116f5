import { identifier } from '../sql-text.ts';
import type { Facts } from './facts.ts';
import { type Finding, fault, warning } from './finding.ts';

export interface ExpectedLogin {
  name: string;
  /** A service's login must act as no other role; an administrator may have rights beyond the hub's. */
  kind: 'application' | 'service' | 'administrator';
  /** The roles that it must be able to act as. */
  roles: readonly string[];
}

/** A login: it exists, may connect, acts as what it should, and has no rights before it does. */
export function loginFindings(facts: Facts, login: ExpectedLogin): Finding[] {
  const { name, kind } = login;
  const found = facts.roles.find((role) => role.name === name);
  if (found === undefined) return [fault(`the login "${name}" is missing`)];
  const findings: Finding[] = [];
  if (!found.canLogin && kind !== 'administrator') {
    findings.push(fault(`the role "${name}" cannot log in, expected a login`, alter(name, 'login')));
  }
  if (!facts.connecting.includes(name)) {
    findings.push(fault(`the login "${name}" may not connect to the database "${facts.database}"`));
  }
  findings.push(...missingRoles(facts, login));
  if (kind === 'service') findings.push(...excess(facts, login, found.superuser));
  if (kind !== 'administrator') findings.push(...inherited(facts, login));
  return findings;
}

/** Roles that do not exist are reported as such, once. */
function missingRoles(facts: Facts, login: ExpectedLogin): Finding[] {
  return login.roles
    .filter((role) => facts.roles.some((fact) => fact.name === role))
    .filter((role) => !facts.reaches.some((reach) => reach.login === login.name && reach.role === role))
    .map((role) => fault(`the login "${login.name}" cannot act as the role "${role}"`));
}

function excess(facts: Facts, login: ExpectedLogin, isSuperuser: boolean): Finding[] {
  const { name, roles } = login;
  if (isSuperuser) {
    return [
      fault(
        `the login "${name}" is a superuser, expected a login of one service`,
        alter(name, 'nosuperuser'),
      ),
    ];
  }
  return facts.reaches
    .filter((reach) => reach.login === name && !roles.includes(reach.role))
    .map(({ role }) =>
      fault(
        `the login "${name}" can act as the role "${role}", expected only ${roles.join(', ')}`,
        `revoke ${identifier(role)} from ${identifier(name)}`,
      ),
    );
}

function inherited(facts: Facts, login: ExpectedLogin): Finding[] {
  const names = login.roles.filter((role) =>
    facts.reaches.some((reach) => reach.login === login.name && reach.role === role && reach.inherited),
  );
  if (names.length === 0) return [];
  const sentence = `the login "${login.name}" has the rights of ${names.join(', ')} without SET ROLE, expected only by it`;
  return [warning(sentence, alter(login.name, 'noinherit'))];
}

function alter(name: string, words: string): string {
  return `alter role ${identifier(name)} ${words}`;
}
