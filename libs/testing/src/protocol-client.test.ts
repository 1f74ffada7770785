import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { ProtocolClient, UpgradeRefusedError, WireFailure } from './protocol-client.ts';

async function startServer(
  onConnection: (socket: WebSocket, request: IncomingMessage) => void,
  accepts: (request: IncomingMessage) => boolean = () => true,
): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({
    server: http,
    verifyClient: ({ req }: { req: IncomingMessage }) => accepts(req),
  });
  server.on('connection', onConnection);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    http.close();
    for (const socket of server.clients) socket.terminate();
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
}

/** Answers each command with an event and the result of `answer`. */
const answering =
  (answer: (action: string) => object) =>
  (socket: WebSocket): void => {
    socket.on('message', (frame: Buffer) => {
      const { id, action } = JSON.parse(frame.toString()) as { id: string; action: string };
      socket.send(
        JSON.stringify([
          { event: 'resync', data: {} },
          { id, ...answer(action) },
        ]),
      );
    });
  };

test('a command resolves with its `ok`', async () => {
  const url = await startServer(answering(() => ({ ok: { token: 'abc', expiresAt: 1 } })));
  const client = await ProtocolClient.connect(url);
  expect(await client.command('leave_room')).toEqual({ token: 'abc', expiresAt: 1 });
  expect(client.items[0]).toEqual({ event: 'resync', data: {} });
  expect(client.frames).toBe(1);
});

test('a command that fails rejects with the error code', async () => {
  const error = { code: 'not_member', message: 'You are not a member of this room.', retryable: false };
  const client = await ProtocolClient.connect(await startServer(answering(() => ({ error }))));
  const failure: unknown = await client.command('leave_room').catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(WireFailure);
  expect(failure).toMatchObject({ code: 'not_member', retryable: false });
});

test('a close rejects waiting calls and resolves `closed` with the code', async () => {
  const client = await ProtocolClient.connect(await startServer((socket) => socket.close(4001, 'ended')));
  await expect(client.waitFor(() => false)).rejects.toThrow('closed');
  expect(await client.closed).toEqual({ code: 4001, reason: 'ended' });
});

test('a rejected upgrade throws UpgradeRefusedError', async () => {
  const url = await startServer(
    () => undefined,
    () => false,
  );
  await expect(ProtocolClient.connect(url)).rejects.toThrow(UpgradeRefusedError);
});

test('the client sends the cookie and the origin', async () => {
  const url = await startServer((socket, { headers }) => {
    socket.send(JSON.stringify([{ cookie: headers.cookie, origin: headers.origin }]));
  });
  const client = await ProtocolClient.connect(url, { cookie: 'parley_session=x' });
  const sent = await client.waitFor(() => true);
  expect(sent).toEqual({ cookie: 'parley_session=x', origin: new URL(url.replace('ws', 'http')).origin });
});
