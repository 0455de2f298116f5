import { functionOwners, ownerRole } from '../roles.ts';
import { identifier } from '../sql-text.ts';
import type { Facts } from './facts.ts';
import { type Finding, fault, warning } from './finding.ts';

/** The database itself: nothing for PUBLIC, and the owner may create its schemas. */
export function databaseFindings(facts: Facts): Finding[] {
  const { database } = facts;
  const findings: Finding[] = facts.publicRights.map(({ place, rights }) =>
    place === 'database'
      ? fault(
          `PUBLIC has ${rights} in the database "${database}", expected nothing`,
          `revoke all on database ${identifier(database)} from public`,
        )
      : // No fault: on 14 only a superuser can mend it, none but the hub's logins connect, nothing of the hub is there.
        warning(
          `PUBLIC has ${rights} in the schema public of the database "${database}", expected nothing`,
          'revoke all on schema public from public',
        ),
  );
  if (!facts.ownerCreates) {
    findings.push(fault(`the role "${ownerRole}" may not create schemas in the database "${database}"`));
  }
  for (const role of functionOwners.filter((name) => !facts.closed.includes(name))) {
    findings.push(
      fault(`PUBLIC may execute the functions that "${role}" creates in the database "${database}"`),
    );
  }
  return findings;
}
