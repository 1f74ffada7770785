import { ParleyError } from '@parley/contracts';
import { Pool, type Dispatcher } from 'undici';
import type { Procedures } from './server.ts';
import { traced, traceHeaders } from '../tracing.ts';
import {
  BINARY,
  decodeFields,
  encodeFields,
  FIELDS_HEADER,
  RPC_ERROR_STATUS,
  RPC_PATH,
  type RpcErrorBody,
} from './wire.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const CONNECTIONS_PER_ENDPOINT = 64;
/** How long an endpoint that could not be reached is tried after the others only. */
const AVOID_MS = 2_000;

type RequestOf<Api extends Procedures<Api>> = Parameters<Api[keyof Api]>[0];

export interface RpcClientOptions<Api extends Procedures<Api>> {
  /** The current `http://host:port` of every replica; see watchEndpoints. */
  readonly endpoints: () => readonly string[];
  readonly token: string;
  /** For one call, until the last byte of its answer; for a binary answer, until its first. */
  readonly timeoutMs: number;
  /** For methods that may take longer. */
  readonly timeoutsMs?: { readonly [Method in keyof Api]?: number };
  /** Chooses the replica for a call; unset, the replicas take turns. The list is never empty. */
  readonly pick?: (request: RequestOf<Api>, endpoints: readonly string[]) => string;
}

export interface RpcClient {
  /** Closes all connections; running calls reject as `unavailable`. */
  close(): Promise<void>;
}

/**
 * A client of another service's API. A ParleyError that the service throws is thrown here; faults in between (no replica,
 * a lost connection, a timeout) are `unavailable`. A call goes to another replica only when the first one certainly did
 * not start it.
 */
export function createRpcClient<Api extends Procedures<Api>>(
  methods: readonly (keyof Api & string)[],
  options: RpcClientOptions<Api>,
): Api & RpcClient {
  const caller = new RpcCaller(options);
  const calls = methods.map((method) => [method, (request: RequestOf<Api>) => caller.call(method, request)] as const);
  return Object.assign(Object.fromEntries(calls) as Api, { close: () => caller.close() });
}

/** The replica did not start the call, so another one can be called without the risk of doing it twice. */
class NotReachedError extends Error {}

class UnknownMethodError extends Error {}

/** Whether a call failed because the replica's release has no such method. */
export const isUnknownMethod = (error: unknown): boolean =>
  error instanceof ParleyError && error.cause instanceof UnknownMethodError;

class RpcCaller<Api extends Procedures<Api>> {
  readonly #options: RpcClientOptions<Api>;
  readonly #authorization: string;
  readonly #pools = new Map<string, Pool>();
  readonly #avoidUntil = new Map<string, number>();
  #turn = 0;

  constructor(options: RpcClientOptions<Api>) {
    this.#options = options;
    this.#authorization = `Bearer ${options.token}`;
  }

  async call(method: keyof Api & string, request: RequestOf<Api>): Promise<unknown> {
    const deadline = new AbortController();
    const { timeoutMs, timeoutsMs } = this.#options;
    const timer = setTimeout(() => deadline.abort(), timeoutsMs?.[method] ?? timeoutMs);
    try {
      return await traced({ name: `rpc ${method}`, kind: 'client' }, () =>
        this.#callFirstReached(method, request, deadline.signal),
      );
    } catch (error) {
      if (error instanceof ParleyError) throw error;
      throw new ParleyError('unavailable', 'A part of Parley does not answer. Try again in a moment.', {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  async #callFirstReached(method: string, request: RequestOf<Api>, signal: AbortSignal): Promise<unknown> {
    const body = encodeRequest(request);
    const now = performance.now();
    const endpoints = this.#options.endpoints();
    let avoided = endpoints.filter((endpoint) => (this.#avoidUntil.get(endpoint) ?? 0) > now);
    let candidates = endpoints.filter((endpoint) => !avoided.includes(endpoint));
    let lastFault: unknown = new Error('No endpoint is known.');
    while (candidates.length + avoided.length > 0) {
      if (candidates.length === 0) [candidates, avoided] = [avoided, []];
      const endpoint = this.#pick(request, candidates);
      try {
        return await this.#callOne(endpoint, method, body, signal);
      } catch (error) {
        if (!(error instanceof NotReachedError)) throw error;
        this.#avoidUntil.set(endpoint, performance.now() + AVOID_MS);
        candidates = candidates.filter((candidate) => candidate !== endpoint);
        lastFault = error;
      }
    }
    throw lastFault;
  }

  #pick(request: RequestOf<Api>, endpoints: readonly string[]): string {
    if (this.#options.pick) return this.#options.pick(request, endpoints);
    return endpoints[this.#turn++ % endpoints.length] ?? '';
  }

  async #callOne(endpoint: string, method: string, body: RequestBody, signal: AbortSignal): Promise<unknown> {
    const response = await this.#post(endpoint, method, body, signal);
    if (response.statusCode === 200) return readAnswer(response);
    const text = await response.body.text();
    if (response.statusCode === 204) return undefined;
    if (response.statusCode === RPC_ERROR_STATUS) throw ParleyError.fromWire((JSON.parse(text) as RpcErrorBody).error);
    const fault = `${endpoint}${RPC_PATH}${method} answered ${response.statusCode}`;
    if (response.statusCode === 404) throw new UnknownMethodError(fault);
    // A server that is closing answers 503 before it reads the call.
    throw response.statusCode === 503 ? new NotReachedError(fault) : new Error(fault);
  }

  async #post(
    endpoint: string,
    method: string,
    { headers, body }: RequestBody,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#pool(endpoint).request({
        method: 'POST',
        path: `${RPC_PATH}${method}`,
        headers: { authorization: this.#authorization, ...traceHeaders(), ...headers },
        body,
        signal,
      });
    } catch (error) {
      throw isConnectFault(error) ? new NotReachedError(`${endpoint} cannot be reached`, { cause: error }) : error;
    }
  }

  #pool(endpoint: string): Pool {
    const existing = this.#pools.get(endpoint);
    if (existing) return existing;
    this.#closeRemovedPools();
    const pool = new Pool(endpoint, {
      connections: CONNECTIONS_PER_ENDPOINT,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      // The call has a deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pools.set(endpoint, pool);
    return pool;
  }

  /** Replaced replicas are no longer in the list: their running calls finish, then their connections close. */
  #closeRemovedPools(): void {
    const endpoints = new Set(this.#options.endpoints());
    for (const [endpoint, pool] of this.#pools) {
      if (endpoints.has(endpoint)) continue;
      this.#pools.delete(endpoint);
      this.#avoidUntil.delete(endpoint);
      void pool.close();
    }
  }
}

interface RequestBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

function encodeRequest(request: object): RequestBody {
  if (!('content' in request && request.content instanceof Uint8Array)) {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) };
  }
  const { content, ...fields } = request;
  return { headers: { 'content-type': BINARY, [FIELDS_HEADER]: encodeFields(fields) }, body: content };
}

function readAnswer({ headers, body }: Dispatcher.ResponseData): unknown {
  if (headers['content-type'] !== BINARY) return body.json();
  // A reader may destroy the body before its end, which emits an error. Without a listener that ends the process.
  body.on('error', () => undefined);
  return { ...decodeFields(headers[FIELDS_HEADER]), content: body };
}

function isConnectFault(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isConnectFault);
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
}
