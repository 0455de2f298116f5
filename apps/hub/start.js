// `npm start`. Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from '../../tools/require-node.js';

requireNode({ start: 'npm start' });
const { main } = await import('./main.ts');
await main();
