import { ProtocolClient } from '@parley/testing';
import type { Command, ServerItem } from '@parley/protocol';
import { webSocketUrl } from '../../harness/test-user.ts';

export interface ReconnectingSocketOptions {
  /** Of the gateways; each connection goes to the next. */
  readonly urls: readonly string[];
  /** The index of the first. */
  readonly firstUrl: number;
  readonly cookie: string;
  /** How long an upgrade may take before the next one is tried: milliseconds. Unset: as long as it takes. */
  readonly patienceMs?: number | undefined;
  readonly onOpen: () => void;
  readonly onItem: (item: ServerItem) => void;
  /** Waits before the next connection. */
  readonly pause: () => Promise<void>;
}

/** One socket after the other, until it is stopped. */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  #connection = 0;
  #socket: ProtocolClient | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
  }

  /** Counts the connections: 1, 2, 3, … */
  get connection(): number {
    return this.#connection;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the last socket is closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.drop();
    await this.#running;
  }

  /** Breaks the connection as a network does. */
  drop(): void {
    this.#socket?.terminate();
  }

  /** What is sent on a socket that is not open any more is lost. */
  send(frame: Command | readonly Command[]): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#connect().catch(() => undefined);
      await this.#options.pause();
    }
  }

  /** Resolves when the connection is over; rejects when there is none to be had. */
  async #connect(): Promise<void> {
    const { urls, firstUrl, cookie, patienceMs, onItem, onOpen } = this.#options;
    const url = urls[(firstUrl + this.#connection) % urls.length] ?? '';
    this.#connection += 1;
    this.#socket = await ProtocolClient.connect(webSocketUrl(url), {
      cookie,
      onItem,
      handshakeTimeoutMs: patienceMs,
    });
    if (this.#isStopped) this.drop();
    else onOpen();
    await this.#socket.closed;
  }
}
