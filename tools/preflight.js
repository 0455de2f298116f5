// `node --import ./tools/preflight.js tools/x.ts`: says what is wrong before a wrong Node trips over the `.ts`.
import { requireNode } from './require-node.js';

requireNode({ development: true });
