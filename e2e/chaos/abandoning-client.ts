import { setTimeout as elapse } from 'node:timers/promises';
import {
  abandon,
  requestsAtGateway,
  signUpAbandoningUser,
  type AbandonedRequest,
} from '../harness/abandoned-requests.ts';
import { shuffled, type Random } from '../protocol/random/seeded-random.ts';

const MOST_PAUSE_MS = 200;

/** A client beside the others that abandons one request after another. */
export class AbandoningClient {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  private constructor(port: number, requests: readonly AbandonedRequest[], random: Random) {
    this.#running = this.#run(port, requests, random);
  }

  static async start(url: string, random: Random): Promise<AbandoningClient> {
    const user = await signUpAbandoningUser(url);
    // An accepted handshake makes a connection, and the suite counts connections.
    const requests = requestsAtGateway(user).filter(({ title }) => !title.startsWith('a handshake'));
    return new AbandoningClient(Number(new URL(url).port), requests, random);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(port: number, requests: readonly AbandonedRequest[], random: Random): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const [request] = shuffled(requests, random);
      // Not awaited: a paused gateway does not answer.
      if (request) void abandon(port, request, signal);
      await elapse(random() * MOST_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
