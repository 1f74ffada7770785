import { AWAY_AFTER_MS } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';

export interface ActivityEnvironment {
  readonly clock: Clock;
  readonly connection: Connection;
}

/** Whether the person is at this browser: away after some minutes without input in any tab. */
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

  /** A new connection counts as somebody who is there. */
  online(): void {
    if (this.#isAway) this.#set(true);
  }

  #set(away: boolean): void {
    this.#isAway = away;
    this.#environment.connection.request('set_away', { away }).catch((failure: unknown) => {
      // The next connection is told.
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    });
  }
}
