import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { freePort } from '@parley/testing/servers';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../protocol/random/seeded-random.ts';
import { Balancer } from './balancer.ts';

/** Sends its name, then echoes. */
async function startBackend(name: string): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(name);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function balance(...ports: readonly number[]): Promise<Balancer> {
  const balancer = await Balancer.start(ports, seededRandom(1));
  onTestFinished(() => balancer.close());
  return balancer;
}

async function call({ url }: Balancer): Promise<{ socket: Socket; answered: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return { socket, answered: chunk.toString() };
}

test('connections of one client reach all backends', async () => {
  const backends = await Promise.all(['one', 'two', 'three'].map(startBackend));
  const balancer = await balance(...backends.map(({ port }) => port));
  const answers = new Set<string>();
  while (answers.size < 3) answers.add((await call(balancer)).answered);
  expect([...answers].sort()).toEqual(['one', 'three', 'two']);
});

test('a backend that is gone is passed over', async () => {
  const [gone, { port }] = [await freePort(), await startBackend('here')];
  const balancer = await balance(gone, port);
  for (let count = 0; count < 10; count += 1) expect((await call(balancer)).answered).toBe('here');
});

test('with no backend at all connections are closed', async () => {
  const balancer = await balance(await freePort());
  const socket = connect(Number(new URL(balancer.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'close');
});

test('bytes go both ways, and the sudden end of either side ends the other', async () => {
  const { port, sockets } = await startBackend('here');
  const balancer = await balance(port);
  const first = await call(balancer);
  first.socket.write('and back');
  const [echo] = (await once(first.socket, 'data')) as [Buffer];
  expect(echo.toString()).toBe('and back');
  const upstreamClosed = once(sockets[0] as Socket, 'close');
  first.socket.resetAndDestroy();
  await upstreamClosed;
  const second = await call(balancer);
  second.socket.on('error', () => undefined);
  sockets[1]?.resetAndDestroy();
  await once(second.socket, 'close');
});
