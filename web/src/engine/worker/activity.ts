import { AWAY_AFTER_MS } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';

export interface ActivityEnvironment {
  readonly clock: Clock;
  readonly connection: ServerConnection;
}

/** Reports the user as away after some minutes without input in any tab. */
export class Activity {
  readonly #environment: ActivityEnvironment;
  #isAway = false;
  #cancel: Cancel | null = null;

  constructor(environment: ActivityEnvironment) {
    this.#environment = environment;
  }

  /** Input in a tab. */
  active(): void {
    this.#cancel?.();
    this.#cancel = this.#environment.clock.after(AWAY_AFTER_MS, () => this.#set(true));
    if (this.#isAway) this.#set(false);
  }

  /** The server takes a new connection for active. */
  connected(): void {
    if (this.#isAway) this.#set(true);
  }

  #set(away: boolean): void {
    this.#isAway = away;
    this.#environment.connection.request('set_away', { away }).catch((failure: unknown) => {
      // Reported again over the next connection.
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    });
  }
}
