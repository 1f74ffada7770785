import type { Writable } from 'node:stream';
import type { TickQueue } from '@parley/platform';
import { PING_AND_HEARTBEAT_FRAMES, PING_FRAME, textFrame } from '../fanout/frame.ts';

/** The shared heartbeat's count of its ticks: a clock that costs nothing to read at every write. */
export interface Pulse {
  readonly tick: number;
}

/** So many bytes of events may wait for a client before it counts as too slow. */
export const MAX_EVENT_BYTES_WAITING = 1024 * 1024;

/** The writing half of one socket: what is for this one only goes out as one frame a tick, shared frames as they are. */
export class Output {
  readonly #socket: Writable;
  readonly #queue: TickQueue<Output>;
  readonly #pulse: Pulse;
  #items: string[] = [];
  #ownBytesWaiting = 0;
  #drained: (() => void)[] = [];
  #lastWrite: number;

  constructor(socket: Writable, queue: TickQueue<Output>, pulse: Pulse) {
    this.#socket = socket;
    this.#queue = queue;
    this.#pulse = pulse;
    this.#lastWrite = pulse.tick;
  }

  /** The tick of the heartbeat in which something was last written. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  /** Queues one item, as JSON, for this tick's frame. */
  send(item: string): void {
    this.#items.push(item);
    this.#queue.add(this);
  }

  /** Writes what is queued. */
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
   * Writes a frame of events that other sockets get too, after everything that is queued.
   * false: more than MAX_EVENT_BYTES_WAITING waited already, and the frame was not written.
   */
  writeShared(frame: Buffer): boolean {
    // An answer and the event that it is about go out in one system call.
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

  /** Asks the client for a sign of life; `heartbeat`: and gives it one. */
  ping(heartbeat: boolean): void {
    if (heartbeat) this.#write(PING_AND_HEARTBEAT_FRAMES);
    else if (this.#socket.writable) this.#socket.write(PING_FRAME);
  }

  /** Bytes of answers that the client has not taken yet. */
  get ownBytesWaiting(): number {
    return this.#ownBytesWaiting;
  }

  /** Resolves when the client has taken every answer, or is gone. */
  async drained(): Promise<void> {
    this.flush();
    if (this.#ownBytesWaiting === 0) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #write(frame: Buffer, written?: () => void): void {
    this.#lastWrite = this.#pulse.tick;
    if (this.#socket.writable) this.#socket.write(frame, written);
    else written?.();
  }
}
