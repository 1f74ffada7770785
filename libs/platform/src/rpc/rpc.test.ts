import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ParleyError } from '@parley/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ListeningServer } from '../service/listening-server.ts';
import { createLogger } from '../logger.ts';
import { createRpcClient, isUnknownMethod, type RpcClient, type RpcClientOptions } from './client.ts';
import { startRpcServer } from './server.ts';

interface GreetingApi {
  greet(request: { name: string }): Promise<{ greeting: string }>;
  forget(request: { name: string }): Promise<void>;
  secretly(request: { name: string }): Promise<object>;
}

const METHODS = ['greet', 'forget'] as const;
const TOKEN = 'the-token-of-the-tests';
const lines: string[] = [];
const logger = createLogger('test', 'warn', { write: (line) => lines.push(line) });
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  lines.length = 0;
});

async function serve(api: Partial<GreetingApi> = {}, port = 0): Promise<ListeningServer & { url: string }> {
  const whole: GreetingApi = {
    greet: async ({ name }) => ({ greeting: `Hello ${name}` }),
    forget: async () => undefined,
    secretly: async () => ({}),
    ...api,
  };
  const server = await startRpcServer({ api: whole, methods: METHODS, token: TOKEN, host: '127.0.0.1', port, logger });
  closing.push(() => server.close());
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

function connect(
  endpoints: readonly string[],
  options: Partial<RpcClientOptions<GreetingApi>> = {},
): GreetingApi & RpcClient {
  const client = createRpcClient<GreetingApi>(METHODS, {
    endpoints: () => endpoints,
    token: TOKEN,
    timeoutMs: 5_000,
    ...options,
  });
  closing.push(() => client.close());
  return client;
}

/** A server of raw sockets. */
async function listenRaw(onConnection: (socket: Socket) => void): Promise<{ server: Server; url: string }> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}` };
}

/** An address without a server. */
async function deadUrl(): Promise<string> {
  const { server, url } = await listenRaw(() => undefined);
  server.close();
  await once(server, 'close');
  return url;
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof ParleyError ? error.code : error),
  );

describe('a call', () => {
  test('resolves with the result of the method', async () => {
    const { url } = await serve();
    expect(await connect([url]).greet({ name: 'Ada' })).toEqual({ greeting: 'Hello Ada' });
  });

  test('of a method without a result resolves with undefined', async () => {
    const { url } = await serve();
    expect(await connect([url]).forget({ name: 'Ada' })).toBeUndefined();
  });

  test('rejects with the ParleyError of the method', async () => {
    const refusal = new ParleyError('rate_limited', 'Too many greetings.', { retryAfterMs: 1_500 });
    const { url } = await serve({ greet: () => Promise.reject(refusal) });
    const error = await connect([url])
      .greet({ name: 'Ada' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({ code: 'rate_limited', message: 'Too many greetings.', retryAfterMs: 1_500 });
    expect(lines).toEqual([]);
  });

  test('of a method that the other release does not have is distinguished from a failure', async () => {
    const { url } = await serve({ greet: () => Promise.reject(new Error('It fails.')) });
    const call = { endpoints: () => [url], token: TOKEN, timeoutMs: 5_000 };
    const client = createRpcClient<GreetingApi>(['greet', 'secretly'], call);
    closing.push(() => client.close());
    const faults = [client.secretly({ name: 'Ada' }), client.greet({ name: 'Ada' })].map((answer) =>
      answer.catch((reason: unknown) => reason),
    );
    expect((await Promise.all(faults)).map(isUnknownMethod)).toEqual([true, false]);
  });

  test('whose method throws another error is internal, without the reason, which is logged', async () => {
    const { url } = await serve({ greet: () => Promise.reject(new TypeError('password is hunter2')) });
    const error = await connect([url])
      .greet({ name: 'Ada' })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'internal', message: expect.not.stringContaining('hunter2') });
    expect(lines.join()).toContain('hunter2');
  });

  test('with another token is rejected, but not as unauthenticated', async () => {
    const greet = vi.fn<GreetingApi['greet']>();
    const { url } = await serve({ greet });
    expect(await codeOf(connect([url], { token: 'another' }).greet({ name: 'Ada' }))).toBe('unavailable');
    expect(greet).not.toHaveBeenCalled();
    expect(lines.join()).toContain('PARLEY_INTERNAL_TOKEN');
  });

  test.each(['secretly', '__proto__', 'constructor', ''])(
    'of "%s", which is not offered, is not found',
    async (method) => {
      const { url } = await serve();
      const response = await fetch(`${url}/rpc/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(404);
    },
  );

  test('without an answer in time is unavailable', async () => {
    const { url } = await serve({ greet: () => new Promise(() => undefined) });
    expect(await codeOf(connect([url], { timeoutMs: 50 }).greet({ name: 'Ada' }))).toBe('unavailable');
    const patient = connect([url], { timeoutMs: 60_000, timeoutsMs: { greet: 50 } });
    expect(await codeOf(patient.greet({ name: 'Ada' }))).toBe('unavailable');
  });

  test('whose connection breaks is unavailable and not repeated elsewhere, since it may have been done', async () => {
    const greet = vi.fn<GreetingApi['greet']>(async () => ({ greeting: 'again' }));
    const other = await serve({ greet });
    const broken = await listenRaw((socket) => socket.once('data', () => socket.destroy()));
    const client = connect([broken.url, other.url], { pick: () => broken.url });
    expect(await codeOf(client.greet({ name: 'Ada' }))).toBe('unavailable');
    expect(greet).not.toHaveBeenCalled();
  });
});

describe('replicas', () => {
  test('take turns', async () => {
    const servers = await Promise.all([1, 2].map((id) => serve({ greet: async () => ({ greeting: `from ${id}` }) })));
    const client = connect(servers.map(({ url }) => url));
    const greetings = [await client.greet({ name: 'Ada' }), await client.greet({ name: 'Ada' })];
    expect(greetings.map(({ greeting }) => greeting).sort()).toEqual(['from 1', 'from 2']);
  });

  test('are chosen by the caller', async () => {
    const [first, second] = await Promise.all([serve(), serve({ greet: async () => ({ greeting: 'picked' }) })]);
    const client = connect([first.url, second.url], {
      pick: ({ name }) => (name === 'Ada' ? second.url : first.url),
    });
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'picked' });
    expect(await client.greet({ name: 'Bob' })).toEqual({ greeting: 'Hello Bob' });
  });

  test('that cannot be reached are skipped, then tried last for a while', async () => {
    // The running server starts first, so that it cannot get the port of the stopped one.
    const { url } = await serve();
    const gone = await deadUrl();
    const pick = vi.fn((_request: unknown, endpoints: readonly string[]) => endpoints[0] ?? '');
    const client = connect([gone, url], { pick });
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'Hello Ada' });
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'Hello Ada' });
    expect(pick.mock.calls.map(([, endpoints]) => endpoints)).toEqual([[gone, url], [url], [url]]);
  });

  test('that are all unreachable make a call unavailable', async () => {
    expect(await codeOf(connect([await deadUrl(), await deadUrl()]).greet({ name: 'Ada' }))).toBe('unavailable');
    expect(await codeOf(connect([]).greet({ name: 'Ada' }))).toBe('unavailable');
  });

  test('that close answer running calls, and the next call goes to another replica', async () => {
    let answer: (value: { greeting: string }) => void = () => undefined;
    const begun = Promise.withResolvers<void>();
    const leaving = await serve({
      greet: () => {
        begun.resolve();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const staying = await serve();
    const client = connect([leaving.url, staying.url], { pick: (_request, endpoints) => endpoints[0] ?? '' });
    const last = client.greet({ name: 'Ada' });
    await begun.promise;
    const closed = leaving.close();
    await vi.waitFor(() => expect(fetch(leaving.url)).rejects.toThrow('fetch failed'));
    expect(await client.greet({ name: 'Bob' })).toEqual({ greeting: 'Hello Bob' });
    answer({ greeting: 'the last one' });
    expect(await last).toEqual({ greeting: 'the last one' });
    await closed;
  });

  test('that reject a call because they are closing are skipped', async () => {
    const leaving = await listenRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n')),
    );
    const { url } = await serve();
    const client = connect([leaving.url, url], { pick: (_request, endpoints) => endpoints[0] ?? '' });
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'Hello Ada' });
  });

  test('are called again after their restart', async () => {
    const before = await serve();
    const client = connect([before.url]);
    await client.greet({ name: 'Ada' });
    await before.close();
    expect(await codeOf(client.greet({ name: 'Ada' }))).toBe('unavailable');
    await serve({}, before.port);
    expect(await client.greet({ name: 'Ada' })).toEqual({ greeting: 'Hello Ada' });
  });
});

test('calls reuse a connection', async () => {
  const server = await serve();
  let connections = 0;
  const proxy = await listenRaw((socket) => {
    connections++;
    const upstream = connectTcp(server.port, '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
  });
  const client = connect([proxy.url]);
  for (let call = 0; call < 10; call++) await client.greet({ name: 'Ada' });
  // undici may open a second connection before it notices that the first one is idle again.
  expect(connections).toBeLessThanOrEqual(2);
});

test('bytes travel unencoded in a request and in an answer', async () => {
  interface EchoApi {
    echo(request: { name: string; content: Uint8Array }): Promise<{ name: string; content: Readable }>;
  }
  const api: EchoApi = {
    echo: ({ name, content }) => Promise.resolve({ name: `${name}!`, content: Readable.from([content]) }),
  };
  const server = await startRpcServer({ api, methods: ['echo'], token: TOKEN, host: '127.0.0.1', port: 0, logger });
  closing.push(() => server.close());
  const endpoints = () => [`http://127.0.0.1:${server.port}`];
  const client = createRpcClient<EchoApi>(['echo'], { endpoints, token: TOKEN, timeoutMs: 5_000 });
  closing.push(() => client.close());
  const content = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
  const answer = await client.echo({ name: 'Żółć', content });
  expect(answer.name).toBe('Żółć!');
  expect(Buffer.compare(await buffer(answer.content), content)).toBe(0);
});

test('raises no unhandled error when the caller abandons the bytes of an answer', async () => {
  interface ReadApi {
    read(request: { size: number }): Promise<{ content: Readable }>;
  }
  const api: ReadApi = { read: async ({ size }) => ({ content: Readable.from([Buffer.alloc(size)]) }) };
  const server = await startRpcServer({ api, methods: ['read'], token: TOKEN, host: '127.0.0.1', port: 0, logger });
  closing.push(() => server.close());
  const endpoints = () => [`http://127.0.0.1:${server.port}`];
  const client = createRpcClient<ReadApi>(['read'], { endpoints, token: TOKEN, timeoutMs: 5_000 });
  closing.push(() => client.close());
  for (const size of [1, 10_000_000]) {
    const { content } = await client.read({ size });
    const closed = new Promise((resolve) => content.once('close', resolve));
    content.destroy();
    await closed;
    expect(content.errored).toBeInstanceOf(Error);
  }
});
