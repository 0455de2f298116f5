import { type Finding, failed, ok, warning } from '../check.ts';

/** Ids carry the host's time and rows the server's: some seconds apart, lists and expiries look odd; minutes, sessions end early. */
const oddMs = 2000;
const wrongMs = 60_000;

export function judgeClock({ aheadMs, errorMs }: { aheadMs: number; errorMs: number }): Finding {
  const apart = Math.max(0, Math.abs(aheadMs) - errorMs);
  const text = `this host and the database are ${apart < 1000 ? `${Math.round(apart)} ms` : `${(apart / 1000).toFixed(1)} s`} apart`;
  const advice = 'let both hosts follow a time server (NTP)';
  if (apart >= wrongMs) return failed('clock', text, advice);
  return apart >= oddMs ? warning('clock', text, advice) : ok('clock', text);
}
