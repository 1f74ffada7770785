import type { Writable } from 'node:stream';
import type { TickQueue } from '@parley/platform';
import { PING_AND_HEARTBEAT_FRAMES, PING_FRAME, textFrame } from '../fanout/frame.ts';

/** The heartbeat's tick counter: a clock that is free to read at every write. */
export interface TickSource {
  readonly tick: number;
}

/** With more bytes of events waiting, a client is too slow. */
export const MAX_EVENT_BYTES_WAITING = 1024 * 1024;

/** The writing half of a socket. Items for this client alone are collected into one frame per tick. */
export class Output {
  readonly #socket: Writable;
  readonly #queue: TickQueue<Output>;
  readonly #ticks: TickSource;
  #items: string[] = [];
  #ownBytesWaiting = 0;
  #drained: (() => void)[] = [];
  #lastWrite: number;

  constructor(socket: Writable, queue: TickQueue<Output>, ticks: TickSource) {
    this.#socket = socket;
    this.#queue = queue;
    this.#ticks = ticks;
    this.#lastWrite = ticks.tick;
  }

  /** The heartbeat tick of the last write. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  /** Queues one item, as JSON, for this tick's frame. */
  send(item: string): void {
    this.#items.push(item);
    this.#queue.add(this);
  }

  flush(): void {
    if (this.#items.length === 0) return;
    const frame = textFrame(this.#items);
    this.#items = [];
    this.#ownBytesWaiting += frame.length;
    this.#write(frame, () => {
      this.#ownBytesWaiting -= frame.length;
      if (this.#ownBytesWaiting > 0) return;
      for (const resolve of this.#drained.splice(0)) resolve();
    });
  }

  /**
   * Writes a frame of events that several sockets share, after what is queued. Returns false, without writing it, if the
   * client is too slow: more than MAX_EVENT_BYTES_WAITING are waiting.
   */
  writeShared(frame: Buffer): boolean {
    // An answer and the event that it caused take one system call.
    const answering = this.#items.length > 0;
    if (answering) this.#socket.cork();
    this.flush();
    const waiting = this.#socket.writableLength;
    const tooSlow = waiting > MAX_EVENT_BYTES_WAITING && waiting - this.#ownBytesWaiting > MAX_EVENT_BYTES_WAITING;
    if (!tooSlow) this.#write(frame);
    if (answering) this.#socket.uncork();
    return !tooSlow;
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** Sends a ping, with `heartbeat` also a heartbeat frame. */
  ping(heartbeat: boolean): void {
    if (heartbeat) this.#write(PING_AND_HEARTBEAT_FRAMES);
    else if (this.#socket.writable) this.#socket.write(PING_FRAME);
  }

  /** Bytes of answers that the socket has not taken yet. */
  get ownBytesWaiting(): number {
    return this.#ownBytesWaiting;
  }

  /** Resolves when the socket has taken every answer, or is closed. */
  async drained(): Promise<void> {
    this.flush();
    if (this.#ownBytesWaiting === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #write(frame: Buffer, written?: () => void): void {
    this.#lastWrite = this.#ticks.tick;
    if (this.#socket.writable) this.#socket.write(frame, written);
    else written?.();
  }
}
