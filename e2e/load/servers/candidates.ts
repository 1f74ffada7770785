import { PARLEY_EMBEDDED, PARLEY_ONE_GATEWAY, PARLEY_TWO_GATEWAYS } from './parley.ts';
import { CENTRIFUGE, hasGo, NAIVE_NEST, PLAIN_WS, SOCKET_IO } from './peers.ts';
import type { Candidate } from './server-under-test.ts';

/** Whose name starts with one of these; all that can be had here without any. Rejects when that is nobody. */
export async function findCandidates(starts: readonly string[]): Promise<readonly Candidate[]> {
  const all = [
    PARLEY_EMBEDDED,
    PARLEY_ONE_GATEWAY,
    PARLEY_TWO_GATEWAYS,
    SOCKET_IO,
    NAIVE_NEST,
    PLAIN_WS,
    ...((await hasGo()) ? [CENTRIFUGE] : []),
  ];
  if (starts.length === 0) return all;
  const found = all.filter(({ name }) => starts.some((start) => name.startsWith(start)));
  if (found.length > 0) return found;
  throw new Error(`There is no such server; there are: ${all.map(({ name }) => name).join(', ')}.`);
}
