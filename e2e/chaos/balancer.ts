import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from '../protocol/random/seeded-random.ts';

/**
 * A plain TCP load balancer: every connection goes to any of the backends, whatever its source, and to another one where
 * nobody listens. It does not ask whether a backend is well.
 */
export class Balancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(backends: readonly number[], random: Random) {
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
      this.#hold(client);
      const first = Math.floor(random() * backends.length);
      this.#forward(client, [...backends.slice(first), ...backends.slice(0, first)]);
    });
  }

  /** `backends`: ports of 127.0.0.1. */
  static async start(backends: readonly number[], random: Random): Promise<Balancer> {
    const balancer = new Balancer(backends, random);
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #forward(client: Socket, [backend, ...others]: readonly number[]): void {
    if (backend === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: backend, noDelay: true, allowHalfOpen: true });
    const refused = (): void => this.#forward(client, others);
    upstream.once('error', refused);
    upstream.once('connect', () => {
      upstream.off('error', refused);
      this.#hold(upstream);
      join(client, upstream);
      join(upstream, client);
    });
  }

  #hold(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** The end of one is the end of the other, also when it is sudden. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('close', () => to.destroy());
  if (from.destroyed) to.destroy();
}
