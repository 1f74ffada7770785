import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy on its own port whose connections a test can break. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #state: 'open' | 'cut' | 'frozen' | 'answers held' = 'open';
  readonly #upstreams = new WeakSet<Socket>();
  #accepted = 0;
  #forwarded = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) =>
      this.#accept(client, target),
    );
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections accepted so far and not refused. */
  get connections(): number {
    return this.#accepted;
  }

  /** Bytes received from both sides. */
  get bytes(): number {
    return this.#forwarded;
  }

  /** Breaks every connection and refuses new ones until restore. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Accepts connections but forwards nothing in either direction until restore, like an unresponsive network. */
  freeze(): void {
    this.#state = 'frozen';
    for (const socket of this.#sockets) socket.pause();
  }

  /** Forwards what clients send and holds back the answers until restore. */
  holdAnswers(): void {
    this.#state = 'answers held';
    for (const socket of this.#sockets) if (this.#upstreams.has(socket)) socket.pause();
  }

  /** Ends cut, freeze and holdAnswers, and forwards held-back bytes. */
  restore(): void {
    this.#state = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, target: { host: string; port: number }): void {
    if (this.#state === 'cut') {
      client.destroy();
      return;
    }
    this.#accepted += 1;
    const upstream = connect(target).pause();
    this.#upstreams.add(upstream);
    this.#join(client, upstream);
    this.#join(upstream, client);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      this.#forwarded += chunk.length;
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => this.#flows(from) && from.resume());
    });
    from.on('end', () => to.end());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#flows(from)) from.resume();
  }

  /** Whether bytes from this socket are forwarded. */
  #flows(from: Socket): boolean {
    return this.#state === 'open' || (this.#state === 'answers held' && !this.#upstreams.has(from));
  }
}

export const startProxy = (target: { host: string; port: number }): Promise<TcpProxy> => TcpProxy.start(target);
