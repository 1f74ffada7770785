import { randomUUID } from 'node:crypto';

/** How a kind of server is spoken to over its WebSocket, as its own client would. */
export interface Dialect {
  /** Sent as soon as the WebSocket is open. */
  readonly greeting: readonly string[];
  /** Sent when the server has answered so much of the greeting; undefined: nothing, yet or at all. */
  readonly reply?: (text: string) => string | undefined;
  /** The server sends this text when the client has joined its room; undefined: the open WebSocket suffices. */
  readonly isJoined?: (text: string) => boolean;
  readonly messageFrame: (room: string, text: string) => string;
  /** What a frame is by its first bytes: messages of the room, something else, or that something went wrong. */
  readonly classify: (buffer: Buffer, start: number, end: number) => 'messages' | 'other' | 'refusal';
  /** What keeps the connection alive, in answer to this text. */
  readonly pong?: (text: string) => string | undefined;
}

const startsWith = (buffer: Buffer, start: number, end: number, bytes: Buffer): boolean =>
  end - start >= bytes.length && buffer.compare(bytes, 0, bytes.length, start, start + bytes.length) === 0;

const ANSWER = Buffer.from('[{"id"');
const LOG_ENTRY = Buffer.from('[{"event":"message_created"');

let lastId = 0;

const parley: Dialect = {
  greeting: ['{"id":"connect","action":"create_connection","data":{"protocol":1}}'],
  isJoined: (text) => text.startsWith('[{"id":"connect","ok"'),
  messageFrame: (room, text) =>
    JSON.stringify({
      id: (lastId += 1),
      action: 'create_message',
      data: { roomId: room, messageId: randomUUID(), text },
    }),
  classify(buffer, start, end) {
    if (startsWith(buffer, start, end, LOG_ENTRY)) return 'messages';
    if (startsWith(buffer, start, end, ANSWER)) {
      return buffer.subarray(start, end).includes('"error":') ? 'refusal' : 'other';
    }
    return 'other';
  },
};

const SOCKET_IO_EVENT = Buffer.from('42["message"');

const socketIo: Dialect = {
  greeting: [],
  reply: (text) => (text.startsWith('0{') ? '40' : undefined),
  isJoined: (text) => text.startsWith('42["joined"'),
  messageFrame: (room, text) => `42${JSON.stringify(['message', { room, text }])}`,
  classify: (buffer, start, end) => (startsWith(buffer, start, end, SOCKET_IO_EVENT) ? 'messages' : 'other'),
  pong: (text) => (text === '2' ? '3' : undefined),
};

const NEST_EVENT = Buffer.from('{"event":"message"');

const nest: Dialect = {
  greeting: [],
  isJoined: (text) => text.startsWith('{"event":"joined"'),
  messageFrame: (room, text) => JSON.stringify({ event: 'message', data: { room, text } }),
  classify: (buffer, start, end) => (startsWith(buffer, start, end, NEST_EVENT) ? 'messages' : 'other'),
};

const PLAIN_EVENT = Buffer.from('{"room":');

const plain: Dialect = {
  greeting: [],
  isJoined: (text) => text === 'joined',
  messageFrame: (room, text) => JSON.stringify({ room, text }),
  classify: (buffer, start, end) => (startsWith(buffer, start, end, PLAIN_EVENT) ? 'messages' : 'other'),
};

const CENTRIFUGE_PUSH = Buffer.from('{"push":');

const centrifuge: Dialect = {
  greeting: ['{"id":1,"connect":{}}'],
  isJoined: (text) => text.startsWith('{"id":1,"connect":'),
  messageFrame: (room, text) => JSON.stringify({ id: (lastId += 1) + 1, publish: { channel: room, data: { text } } }),
  classify(buffer, start, end) {
    // Answers and messages of others may share a frame: only a message that comes by itself is a push.
    const isPush =
      startsWith(buffer, start, end, CENTRIFUGE_PUSH) || buffer.subarray(start, end).includes('\n{"push":');
    return isPush ? 'messages' : 'other';
  },
  pong: (text) => (text === '{}' ? '{}' : undefined),
};

export const DIALECTS = { parley, socketIo, nest, plain, centrifuge } as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
