import type { Action, ActionData, ActionOk, Answer, CommandId, ConnectionEvent, RoomEvent } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import { ConnectionLost, Refused } from './failures.ts';

/** The part of a WebSocket that a link needs. */
export interface Socket {
  send(text: string): void;
  close(code: number): void;
}

export interface SocketListener {
  opened(): void;
  received(text: string): void;
  /** Once; also when it never opened. */
  closed(code: number): void;
}

export type OpenSocket = (listener: SocketListener) => Socket;
export type ServerEvent = ConnectionEvent | RoomEvent;

export interface LinkListener {
  opened(): void;
  /** The events of one frame, in order. */
  events(events: readonly ServerEvent[]): void;
  /** Called once, whichever side closed it. `opened`: it had been open. */
  closed(code: number, opened: boolean): void;
}

/** How long the handshake may take. */
const HANDSHAKE_MS = 10_000;
const ABNORMAL = 1006;
const NORMAL = 1000;

interface Waiting {
  readonly resolve: (ok: unknown) => void;
  readonly reject: (failure: Refused | ConnectionLost) => void;
}

/** One WebSocket from opening to closing: sends commands, matches answers, and closes when heartbeats are missing. */
export class Link {
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  readonly #socket: Socket;
  readonly #waiting = new Map<CommandId, Waiting>();
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #lastId = 0;
  #heartbeatTimeoutMs = HANDSHAKE_MS;
  #cancelWatch: Cancel;
  /** When the socket last received something. */
  receivedAt: number;

  constructor(openSocket: OpenSocket, clock: Clock, listener: LinkListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.receivedAt = clock.now();
    this.#cancelWatch = clock.after(HANDSHAKE_MS, () => this.check());
    this.#socket = openSocket({
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      closed: (code) => this.#closed(code),
    });
  }

  /** Answered with `ok`; rejects with Refused or, when the socket closes first, ConnectionLost. */
  request<A extends Action>(action: A, data: ActionData<A>): Promise<ActionOk<A>> {
    return new Promise((resolve, reject) => this.command(action, data, resolve, reject));
  }

  /** As `request`, with callbacks that run before any later item of the frame is handled. */
  command<A extends Action>(
    action: A,
    data: ActionData<A>,
    resolve: (ok: ActionOk<A>) => void,
    reject: (failure: Refused | ConnectionLost) => void,
  ): void {
    if (this.#state !== 'open') return reject(new ConnectionLost());
    const id = ++this.#lastId;
    this.#waiting.set(id, { resolve: (ok) => resolve(ok as ActionOk<A>), reject });
    this.#socket.send(JSON.stringify({ id, action, data }));
  }

  /** From now on, the link closes when it receives nothing for twice this time. */
  expectHeartbeats(heartbeatMs: number): void {
    this.#heartbeatTimeoutMs = 2 * heartbeatMs;
    this.check();
  }

  /** Closes the link if it has received nothing for too long; timers may have slept with the computer. */
  check(): void {
    if (this.#state === 'closed') return;
    this.#cancelWatch();
    const left = this.receivedAt + this.#heartbeatTimeoutMs - this.#clock.now();
    if (left <= 0) this.drop();
    else this.#cancelWatch = this.#clock.after(left, () => this.check());
  }

  /** Abandons the socket without waiting for the close handshake. */
  drop(): void {
    this.#socket.close(NORMAL);
    this.#closed(ABNORMAL);
  }

  #opened(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.receivedAt = this.#clock.now();
    this.#listener.opened();
  }

  #received(text: string): void {
    if (this.#state !== 'open') return;
    this.receivedAt = this.#clock.now();
    const items = parseFrame(text);
    if (!items) return this.drop();
    let events: ServerEvent[] = [];
    for (const item of items) {
      if ('event' in item) events.push(item);
      else {
        this.#deliver(events);
        events = [];
        this.#answered(item);
      }
    }
    this.#deliver(events);
  }

  #deliver(events: readonly ServerEvent[]): void {
    if (events.length > 0) this.#listener.events(events);
  }

  #answered(answer: Answer): void {
    if (answer.id === null) return;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('ok' in answer) waiting?.resolve(answer.ok);
    else waiting?.reject(new Refused(answer.error));
  }

  #closed(code: number): void {
    if (this.#state === 'closed') return;
    const opened = this.#state === 'open';
    this.#state = 'closed';
    this.#cancelWatch();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new ConnectionLost());
    this.#listener.closed(code, opened);
  }
}

/** The items of a frame; undefined if it is malformed. */
function parseFrame(text: string): readonly (Answer | ServerEvent)[] | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
