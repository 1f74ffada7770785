import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { whoConnects } from '../peers/peer-settings.ts';
import type { Candidate } from '../servers/server-under-test.ts';

/** What one member receives instead of the messages that all others receive. */
export type Fault = 'none' | 'lost' | 'doubled' | 'swapped';

const FAULTY_MESSAGE = 20;

/** A broadcasting server in this process that treats one message of its second member according to the fault. */
export const faultyCandidate = (fault: Fault): Candidate => ({
  name: `a server with a message ${fault}`,
  durable: false,
  async start({ rooms, members }) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const joined = new Map<string, Set<WebSocket>>();
    let messages = 0;
    let held: Buffer | undefined;
    const sendFaulty = (member: WebSocket, message: Buffer): void => {
      if (fault === 'lost') return;
      if (fault === 'swapped') held = message;
      else member.send(message, { binary: false });
      if (fault === 'doubled') member.send(message, { binary: false });
    };
    server.on('connection', (socket, request) => {
      const { room } = whoConnects(request.url);
      const all = joined.get(room) ?? new Set();
      joined.set(room, all.add(socket));
      socket.send('joined');
      socket.on('message', (message: Buffer) => {
        messages += 1;
        for (const [index, member] of [...all].entries()) {
          if (messages === FAULTY_MESSAGE && index === 1) sendFaulty(member, message);
          else member.send(message, { binary: false });
          if (held === undefined || messages === FAULTY_MESSAGE || index !== 1) continue;
          member.send(held, { binary: false });
          held = undefined;
        }
      });
    });
    const { port } = server.address() as AddressInfo;
    const plannedMembers = (room: number) =>
      Array.from({ length: members }, (_, user) => ({ port, path: `/?room=${room}&user=${user}`, headers: {} }));
    return {
      dialect: 'plain',
      rooms: Array.from({ length: rooms }, (_, room) => ({ name: `${room}`, members: plannedMembers(room) })),
      processes: [],
      async stop() {
        for (const client of server.clients) client.terminate();
        server.close();
        await once(server, 'close');
      },
    };
  },
});
