import type { TakeFromWindow } from './limiter.ts';

interface Window {
  taken: number;
  readonly endsAt: number;
}

/** Windows beyond this many are forgotten once they are over: a flood of addresses must not fill the memory. */
const mostWindows = 100_000;

/** Windows of this process alone: for what has to be answered while the database is away, and for tests without one. */
export function localWindows(clock: () => number = () => performance.now()): TakeFromWindow {
  const windows = new Map<string, Window>();
  const forgetEnded = (now: number) => {
    for (const [id, { endsAt }] of windows) if (endsAt <= now) windows.delete(id);
    if (windows.size >= mostWindows) windows.clear();
  };
  return async (key, wanted, { requests, windowSeconds }) => {
    const id = key.toString('base64');
    const now = clock();
    const present = windows.get(id);
    const isOpen = present !== undefined && present.endsAt > now;
    const window = isOpen ? present : { taken: 0, endsAt: now + windowSeconds * 1000 };
    if (!isOpen && windows.size >= mostWindows) forgetEnded(now);
    windows.set(id, window);
    const granted = Math.max(0, Math.min(wanted, requests - window.taken));
    window.taken += wanted;
    return { granted, free: Math.max(0, requests - window.taken), resetMs: window.endsAt - now };
  };
}
