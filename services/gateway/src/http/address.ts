import { isIPv6 } from 'node:net';

/** Whom an address belongs to: an IPv4 address itself, of IPv6 the /64, since one household has all of that. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [start = '', end] = (address.split('%')[0] ?? '').split('::');
  const first = start.split(':').filter((group) => group !== '');
  const last = (end ?? '').split(':').filter((group) => group !== '');
  const zeros = end === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0');
  const groups = [...first, ...zeros, ...last].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
