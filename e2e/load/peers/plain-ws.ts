/** The library ws and nothing else: what comes from one member is sent to all of the room. Stores nothing, checks nothing. */
import { WebSocketServer, type WebSocket } from 'ws';
import { peerSettings, sayReady, whoConnects } from './peer-settings.ts';

const { port } = peerSettings();
const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false, backlog: 4_096 }, sayReady);

server.on('connection', (socket, request) => {
  const { room } = whoConnects(request.url);
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(socket));
  socket.send('joined');
  socket.on('message', (message: Buffer) => {
    for (const member of members) member.send(message, { binary: false });
  });
  socket.on('close', () => members.delete(socket));
});
