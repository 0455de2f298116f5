import type { ReadinessCheck } from '@quantum-hub/http';
import type { Reaper } from './reaper.ts';
import type { Worker } from './worker.ts';

/** It looks twice a second: so long without is no busy moment. */
const lateMs = 10_000;

/** Whether lost and due jobs are looked after by this process. */
export function reaperReadiness({ lookedMsAgo }: Pick<Reaper, 'lookedMsAgo'>): ReadinessCheck {
  const ok = lookedMsAgo < lateMs;
  const seconds = Math.round(lookedMsAgo / 1000);
  return {
    name: 'reaper',
    ok,
    text: ok ? 'looks after lost and due jobs' : `has not looked for ${seconds} s`,
  };
}

/** Whether a worker takes jobs, hears of them, and looks after those of others. */
export function workerReadiness({
  working,
  connected,
  reaper,
}: Pick<Worker, 'working' | 'connected' | 'reaper'>): readonly ReadinessCheck[] {
  return [
    { name: 'worker', ok: working, text: working ? 'takes jobs' : 'is being stopped' },
    {
      name: 'worker messages',
      ok: connected,
      text: connected ? 'connected' : 'the connection was lost; it is made again',
    },
    ...(reaper ? [reaperReadiness(reaper)] : []),
  ];
}
