import { LIMITS } from '@parley/protocol';
import { TestUser } from '../harness/test-user.ts';

const CLIENTS = 20;

/** Asks for what there is not, as often as a frame can. */
const FRAME = JSON.stringify(
  Array.from({ length: LIMITS.commandsPerFrame }, (_, id) => ({ id, action: 'do_nothing', data: {} })),
);
const LAST_ID = LIMITS.commandsPerFrame - 1;

/** Clients that keep gateways busy, and nobody behind them. */
export class Load {
  readonly #clients: readonly TestUser[];
  readonly #asking: Promise<unknown>;
  #isOver = false;

  private constructor(clients: readonly TestUser[]) {
    this.#clients = clients;
    this.#asking = Promise.all(clients.map((client) => this.#ask(client)));
  }

  static async start(url: string): Promise<Load> {
    const names = Array.from({ length: CLIENTS }, (_, index) => `Asker ${index + 1}`);
    return new Load(await Promise.all(names.map((name) => TestUser.signUp(url, name))));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
    await Promise.all(this.#clients.map(({ client }) => client.close()));
  }

  /** Until it is over, or the connection is. */
  async #ask({ client }: TestUser): Promise<void> {
    for (let isGone = false; !isGone && !this.#isOver;) {
      client.items.splice(0);
      client.send(FRAME);
      isGone = await client
        .waitFor((item) => 'id' in item && item.id === LAST_ID)
        .then(
          () => false,
          () => true,
        );
    }
  }
}
