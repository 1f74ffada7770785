import { TYPING_INTERVAL_MS, TYPING_SHOWN_MS, type RoomId, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Publish } from './hub.ts';

export interface TypingEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly publish: Publish;
}

/** Who is typing where: said rarely for all tabs together, and shown as long as it holds. */
export class Typing {
  readonly #environment: TypingEnvironment;
  /** Who is typing, each with what ends it. */
  readonly #rooms = new Map<RoomId, Map<UserId, Cancel>>();
  /** When one was last said to be typing oneself. */
  readonly #said = new Map<RoomId, number>();

  constructor(environment: TypingEnvironment) {
    this.#environment = environment;
  }

  /** One typed something. A loss is no harm: the next key says it again. */
  async say(roomId: RoomId): Promise<void> {
    const { clock, connection } = this.#environment;
    const isSaid = clock.now() - (this.#said.get(roomId) ?? -Infinity) < TYPING_INTERVAL_MS;
    if (isSaid || !connection.isOnline) return;
    this.#said.set(roomId, clock.now());
    try {
      await connection.request('set_typing', { roomId });
    } catch (failure) {
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    }
  }

  /** One has sent what one was typing: what is typed next is news. */
  sent(roomId: RoomId): void {
    this.#said.delete(roomId);
  }

  heard(roomId: RoomId, userId: UserId): void {
    const { clock, userId: self } = this.#environment;
    if (userId === self) return;
    const typing = this.#rooms.get(roomId) ?? new Map<UserId, Cancel>();
    this.#rooms.set(roomId, typing);
    const isNews = !typing.has(userId);
    typing.get(userId)?.();
    typing.set(
      userId,
      clock.after(TYPING_SHOWN_MS, () => this.stopped(roomId, userId)),
    );
    if (isNews) this.#tell(roomId);
  }

  /** Their message has come, or they left, or nothing was heard for a while. */
  stopped(roomId: RoomId, userId: UserId): void {
    const typing = this.#rooms.get(roomId);
    typing?.get(userId)?.();
    if (typing?.delete(userId)) this.#tell(roomId);
  }

  /** A tab opens a room in which somebody may be typing. */
  open(tabId: string, roomId: RoomId): void {
    if (this.#rooms.get(roomId)?.size) this.#tell(roomId, { kind: 'tab', tabId });
  }

  #tell(roomId: RoomId, audience: Parameters<Publish>[1] = { kind: 'room', roomId }): void {
    const userIds = [...(this.#rooms.get(roomId)?.keys() ?? [])];
    this.#environment.publish({ kind: 'typing', roomId, userIds }, audience);
  }
}
