import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame } from './client-frame.ts';
import { FrameParser, OPCODES } from './frame-parser.ts';
import type { PlannedMember } from './plan.ts';

/** All sockets of a process read into this one, one after another. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);
const HEAD_END = '\r\n\r\n';

export interface LoadSocketHandlers {
  /** Text or binary; good until it returns. */
  readonly onMessage: (buffer: Buffer, start: number, end: number) => void;
  /** Closed, refused or broken by the other side. */
  readonly onFault: (reason: string) => void;
}

/** A WebSocket client on a bare TCP socket, as cheap as one can be. */
export class LoadSocket {
  readonly #socket: Socket;
  readonly #handlers: LoadSocketHandlers;
  readonly #parser = new FrameParser();
  readonly #opened = Promise.withResolvers<void>();
  #head: string | undefined = '';
  #closing = false;

  constructor(member: PlannedMember, handlers: LoadSocketHandlers) {
    this.#handlers = handlers;
    this.#opened.promise.catch(() => undefined);
    this.#socket = connect({
      host: '127.0.0.1',
      port: member.port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (bytes, buffer) => {
          this.#read(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(member)));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('The server closed the connection.'));
  }

  /** Resolves with the server's 101. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  send(text: string): void {
    this.#socket.write(clientFrame(OPCODES.text, text));
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #read(buffer: Buffer, bytes: number): void {
    try {
      const chunk = buffer.subarray(0, bytes);
      if (this.#head === undefined) this.#parser.push(chunk, this.#onFrame);
      else this.#readHead(this.#head + chunk.toString('latin1'));
    } catch (error) {
      this.#fail((error as Error).message);
    }
  }

  #readHead(head: string): void {
    const end = head.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = head;
      return;
    }
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`The upgrade was refused: ${head.split('\r\n')[0]}`);
    this.#head = undefined;
    this.#opened.resolve();
    const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1');
    if (rest.length > 0) this.#parser.push(rest, this.#onFrame);
  }

  readonly #onFrame = (opcode: number, buffer: Buffer, start: number, end: number): void => {
    if (opcode === OPCODES.text || opcode === OPCODES.binary) {
      this.#handlers.onMessage(buffer, start, end);
    } else if (opcode === OPCODES.ping) {
      this.#socket.write(clientFrame(OPCODES.pong, Buffer.from(buffer.subarray(start, end))));
    } else if (opcode === OPCODES.close) {
      const code = end - start >= 2 ? buffer.readUInt16BE(start) : 1005;
      this.#fail(`The server closed the connection with ${code} ${buffer.toString('utf8', start + 2, end)}`);
    }
  };

  #fail(reason: string): void {
    if (this.#closing) return;
    this.close();
    this.#opened.reject(new Error(reason));
    this.#handlers.onFault(reason);
  }
}

function upgradeRequest({ port, path, headers }: PlannedMember): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}${HEAD_END}`;
}
