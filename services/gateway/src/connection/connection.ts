import type { Session } from '@parley/contracts';
import {
  CLOSE_CODES,
  type CloseReason,
  type CommandId,
  type ConnectionEvent,
  type ConnectionId,
  type RoomId,
  type UserId,
  type WireError,
} from '@parley/protocol';
import type { WebSocket } from 'ws';
import type { Bucket } from '../commands/token-bucket.ts';
import type { Seat, SeatHolder } from '../fanout/seat.ts';
import type { Beating } from './heartbeat.ts';
import type { Output } from './output.ts';

/** opened → joining → joined → closing; joining falls back to opened when it fails, and each may go to closing. */
export type ConnectionState =
  | { readonly name: 'opened' }
  | { readonly name: 'joining' }
  | { readonly name: 'joined'; readonly roomsVersion: number }
  | { readonly name: 'closing' };

/** So many bytes of answers may wait for a client before nothing more is read from it. */
const MAX_ANSWER_BYTES_WAITING = 256 * 1024;

export interface ConnectionParts {
  readonly connectionId: ConnectionId;
  readonly session: Session;
  readonly socket: WebSocket;
  readonly output: Output;
  readonly bucket: Bucket;
  /** Called once, when the connection takes no further part in anything. */
  readonly onClosing: (connection: Connection, reason: CloseReason | 'gone') => void;
  /** Called when the person has left a room, after the last that this client is told of it. */
  readonly onSeatLost: (connection: Connection, roomId: RoomId, seat: Seat) => void;
}

/** One WebSocket of one signed-in person. */
export class Connection implements SeatHolder, Beating {
  readonly connectionId: ConnectionId;
  readonly session: Session;
  /** The rooms it is in, while it is joining or joined. */
  readonly seats = new Map<RoomId, Seat>();
  readonly output: Output;
  bucket: Bucket;
  /** Resolves when the client has taken the last large answer that was asked for. */
  turn: Promise<void> = Promise.resolve();
  readonly #parts: ConnectionParts;
  #state: ConnectionState = { name: 'opened' };
  #commands = 0;
  #quiet: (() => void)[] = [];
  #heard = true;

  constructor(parts: ConnectionParts) {
    this.connectionId = parts.connectionId;
    this.session = parts.session;
    this.output = parts.output;
    this.bucket = parts.bucket;
    this.#parts = parts;
  }

  get userId(): UserId {
    return this.session.user.userId;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get closed(): boolean {
    return this.#state.name === 'closing';
  }

  get lastWrite(): number {
    return this.output.lastWrite;
  }

  /** From opened, joining and joined; nothing changes once it is closing. */
  enter(state: Exclude<ConnectionState, { name: 'closing' }>): void {
    if (this.#state.name !== 'closing') this.#state = state;
  }

  answer(id: CommandId, ok: object): void {
    this.#send({ id, ok });
  }

  refuse(id: CommandId | null, error: WireError): void {
    this.#send({ id, error });
  }

  tell(event: ConnectionEvent): void {
    this.#send(event);
  }

  writeShared(frame: Buffer): void {
    if (!this.closed && !this.output.writeShared(frame)) this.close('tooSlow');
  }

  cork(): void {
    this.output.cork();
  }

  uncork(): void {
    this.output.uncork();
  }

  resync(roomId: RoomId): void {
    this.tell({ event: 'resync', data: { roomIds: [roomId] } });
  }

  seatLost(roomId: RoomId): void {
    const seat = this.seats.get(roomId);
    if (seat === undefined) return;
    this.seats.delete(roomId);
    this.tell({ event: 'room_removed', data: { roomId } });
    this.#parts.onSeatLost(this, roomId, seat);
  }

  /** Something came from the client. */
  heard(): void {
    this.#heard = true;
  }

  beat(due: boolean): void {
    if (!this.#heard) {
      this.#parts.socket.terminate();
      return;
    }
    this.#heard = false;
    this.output.ping(due);
  }

  /** Counts a command as under way until the returned function is called. */
  begin(): () => void {
    this.#commands += 1;
    return () => {
      this.#commands -= 1;
      if (this.#commands > 0) return;
      for (const resolve of this.#quiet.splice(0)) resolve();
    };
  }

  get commandsUnderWay(): number {
    return this.#commands;
  }

  /** Takes no further commands, answers those under way, then closes. What was not read, the client sends elsewhere. */
  async finish(reason: CloseReason): Promise<void> {
    this.#parts.socket.pause();
    if (this.#commands > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
    this.close(reason);
    this.#parts.socket.resume();
  }

  /** What is queued is written, then the close frame; nothing after it. */
  close(reason: CloseReason): void {
    if (this.closed) return;
    this.output.flush();
    this.#end(reason);
    this.#parts.socket.close(CLOSE_CODES[reason].code, reason);
  }

  /** The socket is gone. */
  gone(): void {
    if (!this.closed) this.#end('gone');
  }

  #end(reason: CloseReason | 'gone'): void {
    this.#state = { name: 'closing' };
    this.#parts.onClosing(this, reason);
  }

  #send(item: object): void {
    if (this.closed) return;
    this.output.send(JSON.stringify(item));
    if (this.output.ownBytesWaiting > MAX_ANSWER_BYTES_WAITING && !this.#parts.socket.isPaused) {
      this.#parts.socket.pause();
      void this.output.drained().then(() => {
        this.#parts.socket.resume();
      });
    }
  }
}
