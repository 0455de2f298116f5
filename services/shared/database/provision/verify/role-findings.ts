import { backupRole, ownerRole, roleNames, signInRole } from '../roles.ts';
import { identifier } from '../sql-text.ts';
import type { Facts, RoleFact } from './facts.ts';
import { type Finding, fault } from './finding.ts';

/** The hub's own roles: all there, plain, and members of nothing that would widen them. */
export function roleFindings(facts: Facts): Finding[] {
  const existing = new Map(facts.roles.map((role) => [role.name, role]));
  const plainness = roleNames.flatMap((name) => {
    const role = existing.get(name);
    return role === undefined ? [fault(`the role "${name}" is missing`)] : attributeFindings(role);
  });
  const widened = facts.memberships
    .filter(({ member, role }) => !(member === ownerRole && role === signInRole))
    .map(({ member, role }) =>
      fault(
        `the role "${member}" is a member of "${role}", expected of nothing: it could use that role's rights`,
        `revoke ${identifier(role)} from ${identifier(member)}`,
      ),
    );
  return [...plainness, ...widened];
}

function attributeFindings(role: RoleFact): Finding[] {
  const alter = (words: string): string => `alter role ${identifier(role.name)} ${words}`;
  const findings: Finding[] = [];
  if (role.superuser) {
    findings.push(
      fault(`the role "${role.name}" is a superuser, expected a plain role`, alter('nosuperuser')),
    );
  }
  if (role.bypassesRls && role.name !== backupRole) {
    findings.push(
      fault(`the role "${role.name}" bypasses row security, expected a plain role`, alter('nobypassrls')),
    );
  }
  if (role.canLogin) {
    findings.push(
      fault(`the role "${role.name}" can log in, expected that nobody logs in as it`, alter('nologin')),
    );
  }
  for (const word of role.extras.split(' ').filter(Boolean)) {
    findings.push(
      fault(`the role "${role.name}" has the attribute ${word}, expected a plain role`, alter(`no${word}`)),
    );
  }
  return findings;
}
