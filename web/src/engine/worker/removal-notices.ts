import type { RoomEvent, RoomId, UserId } from '@parley/protocol';
import type { Publish } from './engine-events.ts';

/** Shows the user which owner removed them from a room. */
export class RemovalNotices {
  readonly #userId: UserId;
  readonly #publish: Publish;

  constructor(userId: UserId, publish: Publish) {
    this.#userId = userId;
    this.#publish = publish;
  }

  apply(roomId: RoomId, entries: readonly RoomEvent[]): void {
    for (const { event, data } of entries) {
      if (event !== 'member_left' || data.userId !== this.#userId || !data.removedBy) continue;
      this.#publish({ kind: 'removed_from_room', roomId, removedBy: data.removedBy });
    }
  }
}
