import type { Settings } from '../../server/index.ts';

/** How far a recovery goes. */
export type Target =
  /** The end of the archive. */
  | { readonly kind: 'latest' }
  /** All that was committed up to this moment, it included; microseconds count. ISO 8601 with its zone. */
  | { readonly kind: 'time'; readonly time: string }
  /** All that was committed before this transaction ended, it included. */
  | { readonly kind: 'transaction'; readonly id: string }
  | { readonly kind: 'restore-point'; readonly name: string }
  /** The end of the base backup: nothing of the archive beyond what makes it whole. */
  | { readonly kind: 'backup-end' };

export function targetText(target: Target): string {
  switch (target.kind) {
    case 'latest':
      return 'the end of the archive';
    case 'time':
      return target.time;
    case 'transaction':
      return `the transaction ${target.id}`;
    case 'restore-point':
      return `the restore point "${target.name}"`;
    case 'backup-end':
      return 'the end of the base backup';
  }
}

/** PostgreSQL's settings for it. */
export function targetSettings(target: Target): Settings {
  const end = { recovery_target_action: 'promote', recovery_target_timeline: 'latest' };
  switch (target.kind) {
    case 'latest':
      return end;
    case 'time':
      return { ...end, recovery_target_time: serverTime(target.time) };
    case 'transaction':
      return { ...end, recovery_target_xid: target.id };
    case 'restore-point':
      return { ...end, recovery_target_name: target.name };
    case 'backup-end':
      return { ...end, recovery_target: 'immediate' };
  }
}

/** When the server reads it, it does not know yet that `Z` is a zone. */
function serverTime(time: string): string {
  return time.replace('T', ' ').replace('Z', '+00');
}

const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)$/;

/** Whether a text is a moment that PostgreSQL reads as we do: with its zone, since the server’s may be another. */
export function isMoment(text: string): boolean {
  return (
    moment.test(text) && !Number.isNaN(Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')))
  );
}

/** Milliseconds since 1970, cut. */
export function momentMs(text: string): number {
  return Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
}
