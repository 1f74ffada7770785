import { ParleyError, type MessageApi, type Place, type RoomChangeEntry } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';

interface AppendRequest {
  readonly roomId: RoomId;
  readonly entries: readonly RoomChangeEntry[];
}

/** In-memory room logs with the methods of the message service that the room service calls, and simulated failures. */
export class FakeMessageApi implements Pick<MessageApi, 'appendMemberships' | 'getPlaces' | 'clearMentions'> {
  readonly #logs = new Map<RoomId, RoomChangeEntry[]>();
  /** `before`: fails before storing; `after`: stores, but loses the answer. */
  failing: 'no' | 'before' | 'after' = 'no';
  /** Appends to this room fail before storing. */
  failingRoom: RoomId | undefined;
  /** Number of messages in every room before its first change. */
  messagesBefore = 0;
  /** Unread mentions, in any room. */
  mentions: { userId: UserId; seq: number }[] = [];
  mentionsFail = false;

  async appendMemberships({
    roomId,
    entries,
  }: AppendRequest): Promise<{ positions: { seq: number; count: number }[] }> {
    // Yields, as a network call would, so that other calls interleave.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing === 'before' || this.failingRoom === roomId)
      throw new ParleyError('unavailable', 'The message service is unavailable.');
    const log = this.#logs.get(roomId) ?? [];
    this.#logs.set(roomId, log);
    const positions = entries.map((entry) => ({ seq: this.#place(log, entry), count: this.messagesBefore }));
    if (this.failing === 'after') throw new ParleyError('unavailable', 'The answer of the message service was lost.');
    return { positions };
  }

  /** All entries before the first change are messages. */
  async getPlaces({ positions }: Parameters<MessageApi['getPlaces']>[0]): Promise<{ places: Place[] }> {
    if (this.failing !== 'no') throw new ParleyError('unavailable', 'The message service is unavailable.');
    return {
      places: positions.map(({ roomId, seq }) => {
        const head = this.messagesBefore + this.entriesOf(roomId).length;
        return { roomId, seq: Math.min(seq, head), count: Math.min(seq, this.messagesBefore) };
      }),
    };
  }

  async clearMentions({ positions }: Parameters<MessageApi['clearMentions']>[0]): Promise<{ counts: number[] }> {
    if (this.mentionsFail) throw new ParleyError('unavailable', 'The message service is unavailable.');
    const isRead = (mention: { userId: UserId; seq: number }): boolean =>
      positions.some(({ userId, seq }) => userId === mention.userId && mention.seq <= seq);
    this.mentions = this.mentions.filter((mention) => !isRead(mention));
    const countOf = (userId: UserId): number => this.mentions.filter((mention) => mention.userId === userId).length;
    return { counts: positions.map(({ userId }) => countOf(userId)) };
  }

  entriesOf(roomId: RoomId): readonly RoomChangeEntry[] {
    return this.#logs.get(roomId) ?? [];
  }

  /** The entries of a room's log, in order. */
  logOf(roomId: RoomId): readonly Pick<RoomChangeEntry, 'event' | 'userId'>[] {
    return this.entriesOf(roomId).map(({ event, userId }) => ({ event, userId }));
  }

  #place(log: RoomChangeEntry[], entry: RoomChangeEntry): number {
    const index = log.findIndex(({ entryId }) => entryId === entry.entryId);
    if (index < 0) log.push(entry);
    return this.messagesBefore + (index < 0 ? log.length : index + 1);
  }
}
