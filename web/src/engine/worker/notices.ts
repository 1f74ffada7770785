import type { RoomEvent, UserId } from '@parley/protocol';
import type { Publish } from './engine-events.ts';
import type { TabRegistry } from './tab-registry.ts';
import type { Rooms } from './rooms.ts';

export interface NoticesEnvironment {
  readonly userId: UserId;
  readonly tabs: TabRegistry;
  readonly rooms: Rooms;
  readonly publish: Publish;
}

/**
 * Announces new messages while no tab is visible. One tab receives the notice and decides by the user's settings
 * whether to show it.
 */
export class Notices {
  readonly #environment: NoticesEnvironment;

  constructor(environment: NoticesEnvironment) {
    this.#environment = environment;
  }

  /** The next entries of one room's log: of several messages, the last one is announced. */
  apply(events: readonly RoomEvent[]): void {
    const { userId, tabs, rooms, publish } = this.#environment;
    if (tabs.isAnyVisible()) return;
    const message = events
      .flatMap((event) => (event.event === 'message_created' ? [event.data.message] : []))
      .findLast((each) => each.userId !== userId);
    if (message === undefined || message.seq <= (rooms.get(message.roomId)?.readSeq ?? 0)) return;
    publish({ kind: 'notice', message }, { kind: 'one' });
  }
}
