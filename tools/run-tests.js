// `npm test [-- folder | file.test.ts | --test-name-pattern=...]`. Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from './require-node.js';

requireNode({ development: true });
const { runTests } = await import('./run-tests/run-tests.ts');
process.exitCode = await runTests(process.argv.slice(2));
