/**
 * Rendezvous hashing: the endpoint with the highest hash of endpoint and key. When an endpoint is added or removed, only
 * its own keys move. `endpoints` is not empty.
 */
export function rendezvous(key: string, endpoints: readonly string[]): string {
  const [first, ...others] = endpoints;
  if (first === undefined) throw new RangeError('There is no endpoint to choose from.');
  let best = first;
  let bestScore = score(first, key);
  for (const endpoint of others) {
    const candidate = score(endpoint, key);
    if (candidate > bestScore || (candidate === bestScore && endpoint < best)) {
      best = endpoint;
      bestScore = candidate;
    }
  }
  return best;
}

/** FNV-1a over both, then the finalizer of MurmurHash3: with FNV alone the high bits of short keys are similar. */
function score(endpoint: string, key: string): number {
  let hash = 0x811c9dc5;
  const text = `${endpoint}|${key}`;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
