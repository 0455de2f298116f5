#!/usr/bin/env node
// Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from '../../tools/require-node.js';

requireNode({ start: 'npx qhub' });
// Types are stripped once and not at each start: loading takes a fifth of the time. In the checkout and not in /tmp, where others
// may write; where the checkout can't be written, nothing is kept.
const { enableCompileCache } = await import('node:module');
enableCompileCache(`${import.meta.dirname}/../../node_modules/.cache/qhub`);
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
