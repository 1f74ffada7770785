import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { clientFrame } from './client-frame.ts';

const upgrade = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

test('frames of every kind of length are read by a real server as they were meant', async () => {
  const texts = [0, 125, 126, 65_535, 65_536].map((length) => 'x'.repeat(length));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const received: string[] = [];
  const all = new Promise<void>((resolve) => {
    server.on('connection', (client) => {
      client.on('message', (message: Buffer) => {
        received.push(message.toString());
        if (received.length === texts.length) resolve();
      });
    });
  });
  socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
  for (const text of texts) socket.write(clientFrame(1, text));
  await all;
  expect(received).toEqual(texts);
  socket.destroy();
  server.close();
});
