interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** The servers that PARLEY_REDIS_URL names, and how to log in. */
export type RedisAddress = Access &
  (
    | { readonly kind: 'single'; readonly host: string; readonly port: number; readonly database: number }
    | { readonly kind: 'cluster'; readonly nodes: readonly Endpoint[] }
    | {
        readonly kind: 'sentinel';
        readonly sentinels: readonly Endpoint[];
        readonly name: string;
        readonly database: number;
      }
  );

const SINGLE_PORT = 6379;
const SENTINEL_PORT = 26379;
const URL_PATTERN = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^/@]*)@)?([^/?#@]+)(?:\/([^?#]*))?$/;

/**
 * `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS. A Redis Cluster: several such URLs separated by
 * commas, or `redis+cluster://host:port,host:port`. Sentinel: `redis+sentinel://host:port,host:port/name[/database]`.
 * Throws an Error whose message does not contain the password.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const urls = text.split(/,\s*(?=rediss?(?:\+\w+)?:\/\/)/).map(parseUrl);
  const [first] = urls;
  if (first === undefined) throw malformed();
  const { kind, endpoints, path, ...access } = first;
  if (urls.length > 1 || kind === 'cluster')
    return { ...access, kind: 'cluster', nodes: urls.flatMap((url) => url.endpoints) };
  if (kind === 'sentinel') {
    const [name = '', database = ''] = path.split('/');
    if (name === '') throw malformed();
    return { ...access, kind, sentinels: endpoints, name, database: parseDatabase(database) };
  }
  const [endpoint] = endpoints;
  if (endpoint === undefined || endpoints.length > 1) throw malformed();
  return { ...access, kind, ...endpoint, database: parseDatabase(path) };
}

interface ParsedUrl extends Access {
  readonly kind: RedisAddress['kind'];
  readonly endpoints: readonly Endpoint[];
  readonly path: string;
}

function parseUrl(text: string): ParsedUrl {
  const match = URL_PATTERN.exec(text.trim());
  if (match === null) throw malformed();
  const [, secure, variant, access = '', hosts = '', path = ''] = match;
  const kind = variant === 'cluster' || variant === 'sentinel' ? variant : 'single';
  const defaultPort = kind === 'sentinel' ? SENTINEL_PORT : SINGLE_PORT;
  const endpoints = hosts.split(',').map((host) => parseEndpoint(host.trim(), defaultPort));
  return { kind, endpoints, path, tls: secure === 's', ...parseAccess(access) };
}

function parseAccess(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':');
  const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
  const password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1));
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

function parseEndpoint(text: string, defaultPort: number): Endpoint {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw malformed();
  const [, host = '', port] = match;
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
}

function parseDatabase(text: string): number {
  if (!/^\d*$/.test(text)) throw malformed();
  return Number(text);
}

const malformed = (): Error =>
  new Error(
    'The address of Redis must be redis://host:port, several of them separated by commas for a Redis Cluster, or redis+sentinel://host:port,host:port/name.',
  );
