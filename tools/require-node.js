// Plain JavaScript that even Node 14 parses: it is what runs when the wrong Node was started.
// Callers import only this file statically and load everything else afterwards with `await import()`,
// because an old Node refuses a `.ts` file before the first line of its importer runs.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Ends the process with one clear sentence when this is not the Node that `npm ci` brings or when packages are missing.
 *
 * @param {{ development?: boolean, start?: string }} [options] `development`: tools for checks and tests are needed too;
 *   `start`: the command that a person should have used, for the message
 */
export function requireNode(options) {
  const fault = findFault(Object.assign({ root: root, version: process.versions.node }, options));
  if (fault === null) return;
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}

/**
 * What is wrong with this checkout or with the running Node, as one sentence, or null.
 *
 * @param {{ root: string, version: string, development?: boolean, start?: string }} checkout
 * @returns {string | null}
 */
export function findFault(checkout) {
  const wanted = JSON.parse(readFileSync(`${checkout.root}/package.json`, 'utf8')).dependencies.node;
  const installed = existsSync(`${checkout.root}/node_modules/.package-lock.json`);
  if (!installed) {
    return `Quantum Hub's packages are not installed: run \`npm ci\` in ${checkout.root} (it brings Node ${wanted} along) and try again.`;
  }
  if (!satisfies(checkout.version, wanted)) return wrongNode(checkout, wanted);
  if (checkout.development && !existsSync(`${checkout.root}/node_modules/typescript/package.json`)) {
    return 'The development packages are missing, as after `npm ci` under NODE_ENV=production or with --omit=dev: unset these, run `npm ci` and try again.';
  }
  return null;
}

function wrongNode(checkout, wanted) {
  const seen = `Quantum Hub needs Node ${wanted} and this is Node ${checkout.version}`;
  const bundled = ['bin/node', 'bin/node.exe'].some((file) =>
    existsSync(`${checkout.root}/node_modules/node/${file}`),
  );
  if (bundled) {
    return `${seen}: use \`${checkout.start || 'npm start, npm test or npx qhub'}\`, which runs the right one out of node_modules.`;
  }
  return `${seen}: \`npm ci\` brings the right one, but not with --ignore-scripts or NODE_ENV=production: run \`npm ci\` without them and try again.`;
}

/** Same major, and not older than the version that is pinned: 24.x has grown functions we use. */
function satisfies(version, wanted) {
  const has = version.split('.').map(Number);
  const needs = wanted.split('.').map(Number);
  if (has[0] !== needs[0]) return false;
  return has[1] > needs[1] || (has[1] === needs[1] && has[2] >= needs[2]);
}
