#!/usr/bin/env node
// Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from '../../tools/require-node.js';

requireNode({ start: 'npx create-migration' });
const { main } = await import('./main.ts');
await main(['db', 'migration', 'create', ...process.argv.slice(2)]);
