import type { Action, ActionData, ActionOk, CommandId, ServerItem, WireError } from '@parley/protocol';
import { WebSocket } from 'ws';

/** A command that was answered with an error. */
export class WireFailure extends Error {
  readonly code: WireError['code'];
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(error: WireError) {
    super(`${error.code}: ${error.message}`);
    this.name = 'WireFailure';
    this.code = error.code;
    this.retryable = error.retryable;
    this.retryAfterMs = error.retryAfterMs;
  }
}

/** The server answered the upgrade with a status other than 101. */
export class UpgradeRefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The upgrade was refused with ${status}.`);
    this.name = 'UpgradeRefusedError';
    this.status = status;
  }
}

export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

interface Waiter {
  readonly matches: (item: ServerItem) => boolean;
  readonly resolve: (item: ServerItem) => void;
  readonly reject: (error: Error) => void;
}

/** A minimal protocol client: it neither applies events nor repairs gaps. */
export class ProtocolClient {
  /** Everything received, in order. */
  readonly items: ServerItem[] = [];
  /** Number of frames received, including heartbeats. */
  frames = 0;
  readonly closed: Promise<SocketClose>;
  readonly #socket: WebSocket;
  readonly #onItem: (item: ServerItem) => void;
  readonly #waiters = new Set<Waiter>();
  #lastId = 0;

  private constructor(socket: WebSocket, onItem: (item: ServerItem) => void) {
    this.#socket = socket;
    this.#onItem = onItem;
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        for (const waiter of this.#waiters) waiter.reject(new Error(`The connection was closed with ${code}.`));
        this.#waiters.clear();
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on('message', (frame: Buffer) => this.#receive(JSON.parse(frame.toString()) as ServerItem[]));
  }

  /**
   * `origin` defaults to the server's. `onItem` is called with every received item, before any promise for it resolves.
   * Rejects with UpgradeRefusedError; with `handshakeTimeoutMs`, also when the upgrade takes longer than that.
   */
  static async connect(
    url: string,
    {
      cookie,
      origin = url.replace(/^ws/, 'http'),
      onItem = () => undefined,
      handshakeTimeoutMs,
    }: { cookie?: string; origin?: string; onItem?: (item: ServerItem) => void; handshakeTimeoutMs?: number } = {},
  ): Promise<ProtocolClient> {
    const socket = new WebSocket(url, {
      origin: origin === 'null' ? origin : new URL(origin).origin,
      headers: cookie === undefined ? {} : { cookie },
      perMessageDeflate: false,
      handshakeTimeout: handshakeTimeoutMs,
    });
    const client = new ProtocolClient(socket, onItem);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new UpgradeRefusedError(response.statusCode ?? 0));
        socket.terminate();
      });
      socket.on('error', reject);
    });
    return client;
  }

  /** Resolves with `ok`; rejects with WireFailure, or when the connection closes first. */
  async command<A extends Action>(action: A, data?: ActionData<A>): Promise<ActionOk<A>> {
    const id: CommandId = `c${++this.#lastId}`;
    const answer = this.waitFor((item) => 'id' in item && item.id === id);
    this.send(JSON.stringify({ id, action, data }));
    const item = await answer;
    if ('error' in item) throw new WireFailure(item.error);
    if (!('ok' in item)) throw new Error(`${action} was answered with neither ok nor error.`);
    return item.ok;
  }

  /** Sends the frame unchanged, valid or not. */
  send(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  /** The first matching item, received already or in future. Bounded only by the test's timeout. */
  waitFor(matches: (item: ServerItem) => boolean): Promise<ServerItem> {
    const earlier = this.items.find(matches);
    if (earlier !== undefined) return Promise.resolve(earlier);
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState > WebSocket.OPEN) reject(new Error('The connection is closed.'));
      else this.#waiters.add({ matches, resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  /** Closes without a close frame, like a network failure. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Stops reading, so that the server's buffers fill. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #receive(items: readonly ServerItem[]): void {
    this.frames += 1;
    for (const item of items) {
      this.items.push(item);
      this.#onItem(item);
      for (const waiter of this.#waiters) {
        if (!waiter.matches(item)) continue;
        this.#waiters.delete(waiter);
        waiter.resolve(item);
      }
    }
  }
}
