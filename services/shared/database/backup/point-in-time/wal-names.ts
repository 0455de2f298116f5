/** Names of segments of the write-ahead log: 8 hexadecimal digits each of timeline, log and segment (16 MB). */
const SEGMENT_BYTES = 16n * 1024n * 1024n;
const SEGMENTS_PER_LOG = 0x1_0000_0000n / SEGMENT_BYTES;

const pattern = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/;

export function isSegment(name: string): boolean {
  return pattern.test(name);
}

/** The place of a segment in the log, counted from its beginning, whatever its timeline. */
export function segmentNumber(name: string): bigint {
  const [, , log = '0', segment = '0'] = pattern.exec(name) ?? [];
  return BigInt(`0x${log}`) * SEGMENTS_PER_LOG + BigInt(`0x${segment}`);
}

/** The number of the segment that holds an LSN such as `0/3000060`. */
export function segmentOfLsn(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return ((BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)) / SEGMENT_BYTES;
}

export function segmentName(timeline: number, number: bigint): string {
  const part = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return part(BigInt(timeline)) + part(number / SEGMENTS_PER_LOG) + part(number % SEGMENTS_PER_LOG);
}

/**
 * The first segment from `first` on that the archive lacks though it has a later one; undefined without a gap.
 * Timelines overlap where a server was recovered, so a segment counts on whichever timeline it is there.
 */
export function firstGap(archived: readonly string[], first: string): string | undefined {
  const timeline = Number.parseInt(first.slice(0, 8), 16);
  const numbers = new Set(
    archived.filter((name) => name.slice(0, 8) >= first.slice(0, 8)).map(segmentNumber),
  );
  const last = [...numbers].reduce((one, other) => (other > one ? other : one), -1n);
  for (let number = segmentNumber(first); number <= last; number++) {
    if (!numbers.has(number)) return segmentName(timeline, number);
  }
  return undefined;
}
