import { isIPv6 } from 'node:net';

/**
 * What an address counts as: IPv4 as it is, IPv6 by its first 64 bits, since one line has a whole /64 and would otherwise
 * have as many limits as it likes. IPv4 inside IPv6 (`::ffff:192.0.2.1`) is IPv4.
 */
export function addressGroup(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(plain)) return plain;
  const groups = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const [head = '', tail] = groups.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  const all = tail === undefined ? front : [...front, ...zeros, ...back];
  return `${all.slice(0, 4).join(':')}::/64`;
}
