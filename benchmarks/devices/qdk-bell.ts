/** The peer of `qhub simulate`: a process that runs one program through the QDK. */
import { readFileSync } from 'node:fs';
import { qdk } from './peers.ts';

const run = await qdk();
await run(readFileSync(process.argv[2] as string, 'utf8'), 1024);
