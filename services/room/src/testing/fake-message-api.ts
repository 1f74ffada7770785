import { ParleyError, type MembershipEntry, type MessageApi } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';

interface Appending {
  readonly roomId: RoomId;
  readonly entries: readonly MembershipEntry[];
}

/** The logs of rooms as the message service keeps them, as far as the room service knows it; it can fail. */
export class FakeMessageApi implements Pick<MessageApi, 'appendMemberships'> {
  readonly #logs = new Map<RoomId, MembershipEntry[]>();
  /** `before`: nothing is stored; `after`: it is stored, and the answer is lost. */
  failing: 'no' | 'before' | 'after' = 'no';
  /** Nothing is stored of this one. */
  failingRoom: RoomId | undefined;
  /** Messages that every room has had before its first change of membership. */
  messagesBefore = 0;

  async appendMemberships({ roomId, entries }: Appending): Promise<{ positions: { seq: number; count: number }[] }> {
    // As over a network: others come between.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing === 'before' || this.failingRoom === roomId)
      throw new ParleyError('unavailable', 'The message service is away.');
    const log = this.#logs.get(roomId) ?? [];
    this.#logs.set(roomId, log);
    const positions = entries.map((entry) => ({ seq: this.#place(log, entry), count: this.messagesBefore }));
    if (this.failing === 'after') throw new ParleyError('unavailable', 'The answer of the message service was lost.');
    return { positions };
  }

  /** The entries of a room's log, in its order. */
  logOf(roomId: RoomId): readonly Pick<MembershipEntry, 'event' | 'userId'>[] {
    return (this.#logs.get(roomId) ?? []).map(({ event, userId }) => ({ event, userId }));
  }

  #place(log: MembershipEntry[], entry: MembershipEntry): number {
    const index = log.findIndex(({ entryId }) => entryId === entry.entryId);
    if (index < 0) log.push(entry);
    return this.messagesBefore + (index < 0 ? log.length : index + 1);
  }
}
