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
import type { RoomSubscription, RoomSubscriber } from '../fanout/room-subscription.ts';
import type { HeartbeatTarget } from './heartbeat.ts';
import type { Output } from './output.ts';

/** opened → joining → joined → closing. A failed join returns to opened; every state may change to closing. */
export type ConnectionState =
  | { readonly name: 'opened' }
  | { readonly name: 'joining' }
  | { readonly name: 'joined'; readonly roomsVersion: number }
  | { readonly name: 'closing' };

/** With more bytes of answers waiting, nothing more is read from the client. */
const MAX_ANSWER_BYTES_WAITING = 256 * 1024;

export interface ConnectionParts {
  readonly connectionId: ConnectionId;
  readonly session: Session;
  readonly socket: WebSocket;
  readonly output: Output;
  readonly bucket: Bucket;
  /** Called once, when the state changes to closing. */
  readonly onClosing: (connection: Connection, reason: CloseReason | 'gone') => void;
  /** Called when the user has left a room, after the last event that the client receives for it. */
  readonly onRemovedFromRoom: (connection: Connection, roomId: RoomId, subscription: RoomSubscription) => void;
}

/** One WebSocket of a signed-in user. */
export class Connection implements RoomSubscriber, HeartbeatTarget {
  readonly connectionId: ConnectionId;
  readonly session: Session;
  /** Filled while joining and joined. */
  readonly subscriptions = new Map<RoomId, RoomSubscription>();
  readonly output: Output;
  bucket: Bucket;
  /** Resolves when the client has received the last paged answer that it requested. */
  lastPage: Promise<void> = Promise.resolve();
  readonly #parts: ConnectionParts;
  #state: ConnectionState = { name: 'opened' };
  #pendingCommands = 0;
  #idleListeners: (() => void)[] = [];
  #isAlive = true;

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

  /** Has no effect once the connection is closing. */
  setState(state: Exclude<ConnectionState, { name: 'closing' }>): void {
    if (this.#state.name !== 'closing') this.#state = state;
  }

  sendOk(id: CommandId, ok: object): void {
    this.#send({ id, ok });
  }

  sendError(id: CommandId | null, error: WireError): void {
    this.#send({ id, error });
  }

  sendEvent(event: ConnectionEvent): void {
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
    this.sendEvent({ event: 'resync', data: { roomIds: [roomId] } });
  }

  onRemovedFromRoom(roomId: RoomId): void {
    const subscription = this.subscriptions.get(roomId);
    if (subscription === undefined) return;
    this.subscriptions.delete(roomId);
    this.sendEvent({ event: 'room_removed', data: { roomId } });
    this.#parts.onRemovedFromRoom(this, roomId, subscription);
  }

  /** To be called whenever the client sends anything. */
  markAlive(): void {
    this.#isAlive = true;
  }

  onHeartbeat(isSilent: boolean): void {
    if (!this.#isAlive) {
      this.#parts.socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.output.ping(isSilent);
  }

  /** Counts a command as pending until the returned function is called. */
  beginCommand(): () => void {
    this.#pendingCommands += 1;
    return () => {
      this.#pendingCommands -= 1;
      if (this.#pendingCommands > 0) return;
      for (const resolve of this.#idleListeners.splice(0)) resolve();
    };
  }

  get pendingCommands(): number {
    return this.#pendingCommands;
  }

  /** Stops reading commands, answers the pending ones, then closes. The client repeats the others at another gateway. */
  async closeGracefully(reason: CloseReason): Promise<void> {
    this.#parts.socket.pause();
    if (this.#pendingCommands > 0) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    this.close(reason);
    this.#parts.socket.resume();
  }

  /** Writes what is queued, then the close frame. */
  close(reason: CloseReason): void {
    if (this.closed) return;
    this.output.flush();
    this.#end(reason);
    this.#parts.socket.close(CLOSE_CODES[reason].code, reason);
  }

  onSocketClosed(): void {
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
