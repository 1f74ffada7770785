import { TYPING_INTERVAL_MS, TYPING_SHOWN_MS, type RoomEvent, type RoomId, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Publish } from './engine-events.ts';

export interface TypingEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly connection: ServerConnection;
  readonly publish: Publish;
}

/** Who is typing, by room. The user's own typing is reported at most once an interval for all tabs. */
export class Typing {
  readonly #environment: TypingEnvironment;
  /** The users who are typing, each with the timer that ends it. */
  readonly #rooms = new Map<RoomId, Map<UserId, Cancel>>();
  /** When the user's own typing was last reported. */
  readonly #reportedAt = new Map<RoomId, number>();

  constructor(environment: TypingEnvironment) {
    this.#environment = environment;
  }

  /** The user typed something. A lost report does no harm: the next key repeats it. */
  async report(roomId: RoomId): Promise<void> {
    const { clock, connection } = this.#environment;
    const isReported = clock.now() - (this.#reportedAt.get(roomId) ?? -Infinity) < TYPING_INTERVAL_MS;
    if (isReported || !connection.isOnline) return;
    this.#reportedAt.set(roomId, clock.now());
    try {
      await connection.request('set_typing', { roomId });
    } catch (failure) {
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    }
  }

  /** The user sent the message: typing after it is reported at once. */
  sent(roomId: RoomId): void {
    this.#reportedAt.delete(roomId);
  }

  started(roomId: RoomId, userId: UserId): void {
    const { clock, userId: self } = this.#environment;
    if (userId === self) return;
    const typing = this.#rooms.get(roomId) ?? new Map<UserId, Cancel>();
    this.#rooms.set(roomId, typing);
    const isNew = !typing.has(userId);
    typing.get(userId)?.();
    typing.set(
      userId,
      clock.after(TYPING_SHOWN_MS, () => this.stopped(roomId, userId)),
    );
    if (isNew) this.#publishTyping(roomId);
  }

  /** A user's message arrived, the user left, or no typing was received for a while. */
  stopped(roomId: RoomId, userId: UserId): void {
    const typing = this.#rooms.get(roomId);
    typing?.get(userId)?.();
    if (typing?.delete(userId)) this.#publishTyping(roomId);
  }

  /** Users whose message arrived, or who left, are no longer typing. */
  apply(roomId: RoomId, entries: readonly RoomEvent[]): void {
    for (const { event, data } of entries) {
      if (event === 'message_created') this.stopped(roomId, data.user.userId);
      if (event === 'member_left') this.stopped(roomId, data.userId);
    }
  }

  open(tabId: string, roomId: RoomId): void {
    if (this.#rooms.get(roomId)?.size) this.#publishTyping(roomId, { kind: 'tab', tabId });
  }

  #publishTyping(roomId: RoomId, audience: Parameters<Publish>[1] = { kind: 'room', roomId }): void {
    const userIds = [...(this.#rooms.get(roomId)?.keys() ?? [])];
    this.#environment.publish({ kind: 'typing', roomId, userIds }, audience);
  }
}
