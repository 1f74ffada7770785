/**
 * Socket.IO with its Redis adapter, as socket.io/docs/v4/redis-adapter sets it up, over WebSocket alone (its polling
 * costs more) and without compression. A message is inserted into MongoDB, then emitted to the room.
 */
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { peerSettings, sayReady, whoConnects } from './peer-settings.ts';
import { openStoredMessages } from './stored-messages.ts';

const { port, mongoUrl, redisUrl } = peerSettings();
const messages = await openStoredMessages(mongoUrl);
const publisher = new Redis(redisUrl);
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  adapter: createAdapter(publisher, publisher.duplicate()),
});

io.on('connection', (socket) => {
  const { room, user } = whoConnects(socket.request.url);
  void socket.join(room);
  socket.emit('joined', room);
  socket.on('message', async ({ text }: { text: string }) => {
    const message = { room, user, text, createdAt: new Date() };
    await messages.insert(message);
    io.to(room).emit('message', message);
  });
});

http.listen(port, '127.0.0.1', 4_096, sayReady);
