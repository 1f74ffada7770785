import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi, type Place, type Reading, type ReadingResult } from '@parley/contracts';
import { LIMITS, type RoomId, type User, type UserId } from '@parley/protocol';
import { AccountService } from '../accounts/account.service.ts';
import { MembershipService, notMember } from '../memberships/membership.service.ts';
import { UnreadMentions } from '../memberships/unread-mentions.service.ts';
import { ReadPositionBroadcaster } from './read-position-broadcaster.service.ts';
import {
  READ_POSITION_REPOSITORY,
  type ReadPositionRepository,
  type Reader,
  type ReadPosition,
  type StoredReadPosition,
} from './read-position.repository.ts';

/** Read positions: moves them, and lists the readers of a message. */
@Injectable()
export class ReadPositionService {
  readonly #readPositions: ReadPositionRepository;
  readonly #memberships: MembershipService;
  readonly #accounts: AccountService;
  readonly #broadcaster: ReadPositionBroadcaster;
  readonly #mentions: UnreadMentions;
  readonly #messages: Pick<MessageApi, 'getPlaces'>;

  constructor(
    @Inject(READ_POSITION_REPOSITORY) readPositions: ReadPositionRepository,
    memberships: MembershipService,
    accounts: AccountService,
    broadcaster: ReadPositionBroadcaster,
    mentions: UnreadMentions,
    @Inject(MESSAGE_API) messages: Pick<MessageApi, 'getPlaces'>,
  ) {
    this.#readPositions = readPositions;
    this.#memberships = memberships;
    this.#accounts = accounts;
    this.#broadcaster = broadcaster;
    this.#mentions = mentions;
    this.#messages = messages;
  }

  /**
   * Moves read positions forward, at most to the head. Uses one call for the places, one query, one write and one call
   * for the mentions, for any number of readings.
   */
  async read(readings: readonly Reading[]): Promise<ReadingResult[]> {
    if (readings.length === 0) return [];
    const [{ places }, stored] = await Promise.all([
      this.#messages.getPlaces({ positions: readings.map(({ roomId, seq }) => ({ roomId, seq })) }),
      this.#readPositions.find(readings),
    ]);
    const positions = new Map(stored.map((position) => [keyOf(position), position]));
    const moved = new Map<string, ReadPosition>();
    const current = new Map<string, ReadPosition>();
    const published: ReadPosition[] = [];
    const results = readings.map((reading, index): ReadingResult => {
      const position = moved.get(keyOf(reading)) ?? positions.get(keyOf(reading));
      const place = places[index];
      if (!position || !place) return { error: notMember().toWire() };
      const { roomId, userId } = reading;
      const next = readUpTo(position, place);
      current.set(keyOf(reading), { roomId, userId, ...next });
      if (next.readSeq > (position.readSeq ?? -1)) {
        moved.set(keyOf(reading), { roomId, userId, ...next });
        if (!reading.byWriting) published.push({ roomId, userId, ...next });
      }
      return next;
    });
    await this.#readPositions.advance([...moved.values()]);
    const mentions = await this.#clearMentions(current);
    await this.#broadcaster.publish(published.map((position) => ({ ...position, ...mentions.get(keyOf(position)) })));
    return results.map((result, index) => {
      const reading = readings[index];
      return 'error' in result || !reading ? result : { ...result, ...mentions.get(keyOf(reading)) };
    });
  }

  /** How many mentions are left, by member; empty when the message service fails. */
  async #clearMentions(
    positions: ReadonlyMap<string, ReadPosition>,
  ): Promise<ReadonlyMap<string, { mentionCount: number }>> {
    const read = [...positions.values()].map(({ userId, roomId, readSeq }) => ({ userId, roomId, seq: readSeq }));
    const counts = await this.#mentions.clear(read);
    const keys = [...positions.keys()].slice(0, counts.length);
    return new Map(keys.map((key, index) => [key, { mentionCount: counts[index] ?? 0 }]));
  }

  /** All readers are counted; only the first are returned. Throws `not_member`. */
  async findReaders(request: {
    roomId: RoomId;
    userId: UserId;
    seq: number;
    exceptId?: UserId;
  }): Promise<{ count: number; users: User[] }> {
    const { roomId, userId, seq, exceptId = null } = request;
    await this.#memberships.requireMember(roomId, userId);
    const [count, userIds] = await Promise.all([
      this.#readPositions.countReaders(roomId, seq, exceptId),
      this.#readPositions.findReaders(roomId, seq, exceptId, LIMITS.membersWithReceipts),
    ]);
    return { count, users: await this.#accounts.findUsers(userIds) };
  }
}

const keyOf = ({ roomId, userId }: Reader): string => `${roomId} ${userId}`;

function readUpTo({ readSeq, readCount }: StoredReadPosition, { seq, count }: Place) {
  const isBehind = readSeq === null || readCount === null || readSeq < seq;
  return isBehind ? { readSeq: seq, readCount: count } : { readSeq, readCount };
}
