import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const deeds: Record<string, () => unknown> = {
  read: () => readFileSync('/etc/passwd'),
  write: () => writeFileSync('/tmp/qhub-sandbox-escape', ''),
  spawn: () => spawnSync('true'),
  worker: () => new Worker('', { eval: true }),
  environment: () =>
    `environment: ${JSON.stringify(Object.keys(process.env).filter((name) => !OWN.has(name)))}`,
  die: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('thrown on purpose');
  },
  heap: () => {
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 1e5 }, () => Math.random()));
  },
};
/** Set by the shell that starts the process. */
const OWN = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);

process.once('message', ({ request }: { request: { program: { source: string } } }) => {
  try {
    const done = deeds[request.program.source]?.();
    process.send?.({ kind: 'fault', reason: `it was allowed: ${done}` });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.send?.({ kind: 'fault', reason: `${code ?? ''} ${message}` });
  }
});
