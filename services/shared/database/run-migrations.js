#!/usr/bin/env node
// Plain JavaScript, so that a wrong Node can say so.
import { requireNode } from '../../../tools/require-node.js';

requireNode({ start: 'npx run-migrations' });
const { main } = await import('./migrations/run-migrations.ts');
await main(process.argv.slice(2));
