import type { RoomEvent, UserId } from '@parley/protocol';
import type { Hub, Publish } from './hub.ts';
import type { Rooms } from './rooms.ts';

export interface NoticesEnvironment {
  readonly userId: UserId;
  readonly hub: Hub;
  readonly rooms: Rooms;
  readonly publish: Publish;
}

/**
 * Tells of new messages while nobody looks at any tab. One tab is told, so that the person is: whether they want to
 * know is for the tab to decide.
 */
export class Notices {
  readonly #environment: NoticesEnvironment;

  constructor(environment: NoticesEnvironment) {
    this.#environment = environment;
  }

  /** Entries of one room's log that were applied just now: of several messages, the last is told. */
  arrived(events: readonly RoomEvent[]): void {
    const { userId, hub, rooms, publish } = this.#environment;
    if (hub.isLookedAt()) return;
    const message = events
      .flatMap((event) => (event.event === 'message_created' ? [event.data.message] : []))
      .findLast((each) => each.userId !== userId);
    if (message === undefined || message.seq <= (rooms.get(message.roomId)?.readSeq ?? 0)) return;
    publish({ kind: 'notice', message }, { kind: 'one' });
  }
}
