import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

async function proxyToEcho(): Promise<TcpProxy> {
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy.close();
    echo.close();
  });
  return proxy;
}

async function dial(proxy: TcpProxy): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

test('an open proxy forwards both ways', async () => {
  const proxy = await proxyToEcho();
  expect(await echoed(await dial(proxy), 'hello')).toBe('hello');
  expect(proxy.connections).toBe(1);
});

test('a cut breaks connections and refuses new ones until it is restored', async () => {
  const proxy = await proxyToEcho();
  const socket = await dial(proxy);
  await echoed(socket, 'hello');
  const broken = once(socket, 'close');
  proxy.cut();
  await broken;
  await once(await dial(proxy), 'close');
  expect(proxy.connections).toBe(1);
  proxy.restore();
  expect(await echoed(await dial(proxy), 'again')).toBe('again');
});

test('a proxy that holds answers forwards what clients send, and the answers once it is restored', async () => {
  const received: string[] = [];
  const receivedByServer = Promise.withResolvers<void>();
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        received.push(chunk.toString());
        socket.write('answer');
        if (received.length === 2) receivedByServer.resolve();
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  const early = await dial(proxy);
  proxy.holdAnswers();
  const late = await dial(proxy);
  const answers: string[] = [];
  const sockets = [early, late].map((socket) => {
    socket.on('data', (chunk: Buffer) => answers.push(chunk.toString()));
    return once(socket, 'data');
  });
  early.write('early');
  late.write('late');
  await receivedByServer.promise;
  expect(received.sort()).toEqual(['early', 'late']);
  expect(answers).toEqual([]);
  proxy.restore();
  await Promise.all(sockets);
  expect(answers).toEqual(['answer', 'answer']);
});

test('a frozen proxy holds back all bytes, also on new connections, until it is restored', async () => {
  const proxy = await proxyToEcho();
  const early = await dial(proxy);
  await echoed(early, 'hello');
  proxy.freeze();
  const late = await dial(proxy);
  const received: string[] = [];
  const answers = [early, late].map(async (socket, index) => received.push(await echoed(socket, `held back ${index}`)));
  const witness = await dial(await proxyToEcho());
  await echoed(witness, 'time passes');
  expect(received).toEqual([]);
  proxy.restore();
  await Promise.all(answers);
  expect(received.sort()).toEqual(['held back 0', 'held back 1']);
});
