import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

const LOOKUP_EVERY_MS = 5_000;

/** The addresses of a service's replicas, as of the last lookup. */
export interface EndpointWatch {
  readonly current: () => readonly string[];
  close(): void;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

interface EndpointWatchOptions {
  readonly everyMs?: number;
  /** All addresses of a host name. */
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
}

/**
 * Follows the addresses of `http://host:port`. A host name with several addresses, such as a headless Service, counts as
 * several endpoints. While the lookup of a name fails, its last known addresses are used.
 */
export async function watchEndpoints(
  urls: readonly string[],
  options: EndpointWatchOptions = {},
): Promise<EndpointWatch> {
  const { everyMs = LOOKUP_EVERY_MS, resolve = (hostname) => lookup(hostname, { all: true }) } = options;
  const known = new Map<string, readonly string[]>(urls.map((url) => [url, [url]]));
  let endpoints: readonly string[] = urls;

  const look = async (): Promise<void> => {
    await Promise.all(
      urls.map(async (url) => {
        const found = await resolveUrl(url, resolve).catch(() => []);
        if (found.length > 0) known.set(url, found);
      }),
    );
    endpoints = [...new Set([...known.values()].flat())].sort();
  };
  await look();
  const timer = setInterval(() => void look(), everyMs).unref();
  return { current: () => endpoints, close: () => clearInterval(timer) };
}

async function resolveUrl(
  url: string,
  resolve: (hostname: string) => Promise<readonly Address[]>,
): Promise<readonly string[]> {
  const { protocol, hostname, port } = new URL(url);
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return [url];
  const addresses = await resolve(hostname);
  // A process with an IPv4 and an IPv6 address is one endpoint.
  const family = Math.min(...addresses.map((one) => one.family));
  return addresses
    .filter((one) => one.family === family)
    .map(({ address }) => `${protocol}//${family === 6 ? `[${address}]` : address}${port ? `:${port}` : ''}`);
}
