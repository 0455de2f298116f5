import type { Program } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { T } from './token-kinds.ts';

export const VERSION_3: Program['version'] = { major: 3, minor: 0 };

/** The versions that are read here, as their lines write them. */
const VERSIONS: Readonly<Record<string, Program['version']>> = {
  '2': { major: 2, minor: 0 },
  '2.0': { major: 2, minor: 0 },
  '3': VERSION_3,
  '3.0': VERSION_3,
  '3.1': { major: 3, minor: 1 },
};

/** `OPENQASM 3.0;`. Another version ends the pass: nobody knows how to read the rest. */
export function parseVersion(c: Cursor): Program['version'] {
  c.next();
  const known = 'OpenQASM 2.0, 3.0 or 3.1';
  if (c.kind !== T.decimal && c.kind !== T.float) {
    c.report(c.here(), 'version', `Expected a version, found ${c.found()}.`, known, 'OPENQASM 3.0;');
    c.pass.abortReported();
  }
  const { text } = c;
  const version = Object.hasOwn(VERSIONS, text) ? VERSIONS[text] : undefined;
  if (!version) {
    const message = `OpenQASM ${text.slice(0, 40)} is not read here.`;
    c.report(c.here(), 'version', message, known, 'OPENQASM 3.0;');
    return c.pass.abortReported();
  }
  c.next();
  if (!c.is(T.semicolon)) {
    const at = { start: c.lastEnd - 1, end: c.lastEnd };
    c.report(at, 'syntax', `Expected ';' after the version, found ${c.found()}.`, "';'");
  } else {
    c.next();
  }
  return version;
}
