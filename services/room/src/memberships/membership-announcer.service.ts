import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { CLOCK, CoalescedRuns, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import { UserBroadcaster } from '../user-broadcaster.service.ts';
import {
  ANNOUNCEMENT_REPOSITORY,
  type AnnouncementRepository,
  type Announcement,
  type AnnouncementPlace,
} from './announcement.repository.ts';
import { UnreadMentions } from './unread-mentions.service.ts';

const ENTRIES_AT_ONCE = 100;
const ROOMS_AT_ONCE = 100;
/** Younger changes are still handled by the request that made them. */
const OVERDUE_MS = 5_000;

/**
 * Appends committed changes of members and room names to the room logs. Several processes may announce the same room at
 * once, because every step is idempotent. All changes of a room are announced together in commit order, so that a
 * delayed leave is never logged after the user's return.
 */
@Injectable()
export class MembershipAnnouncer {
  readonly #rooms = new CoalescedRuns<RoomId>((roomId) => this.#announceAll(roomId));
  readonly #announcements: AnnouncementRepository;
  readonly #broadcaster: UserBroadcaster;
  readonly #mentions: UnreadMentions;
  readonly #messages: Pick<MessageApi, 'appendMemberships'>;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(ANNOUNCEMENT_REPOSITORY) announcements: AnnouncementRepository,
    broadcaster: UserBroadcaster,
    mentions: UnreadMentions,
    @Inject(MESSAGE_API) messages: Pick<MessageApi, 'appendMemberships'>,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#announcements = announcements;
    this.#broadcaster = broadcaster;
    this.#mentions = mentions;
    this.#messages = messages;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Resolves when all changes committed before the call are in the log. Rejects with the message service's error. */
  announce(roomId: RoomId): Promise<void> {
    return this.#rooms.run(roomId);
  }

  /** Announces changes whose request failed because its process ended or the message service was unavailable. */
  async announceOverdue(): Promise<void> {
    const rooms = await this.#announcements.findOverdueRooms(this.#clock.now() - OVERDUE_MS, ROOMS_AT_ONCE);
    await Promise.all(rooms.map((roomId) => this.#announceIfPossible(roomId)));
  }

  async #announceIfPossible(roomId: RoomId): Promise<void> {
    try {
      await this.announce(roomId);
    } catch (error) {
      this.#logger.warn({ err: error, roomId }, 'Failed to announce room changes; retrying at the next interval.');
    }
  }

  async #announceAll(roomId: RoomId): Promise<void> {
    let waiting: readonly Announcement[];
    do {
      waiting = await this.#announcements.findByRoom(roomId, ENTRIES_AT_ONCE);
      if (waiting.length > 0) await this.#append(roomId, waiting);
    } while (waiting.length === ENTRIES_AT_ONCE);
  }

  async #append(roomId: RoomId, waiting: readonly Announcement[]): Promise<void> {
    const entries = waiting.map(({ changeNumber: _changeNumber, ...entry }) => entry);
    const { positions } = await this.#messages.appendMemberships({ roomId, entries });
    const places = placesOf(waiting, positions);
    await this.#announcements.finish(roomId, places);
    const userIds = waiting.filter(({ event }) => event !== 'room_renamed').map(({ userId }) => userId);
    if (userIds.length > 0) await this.#broadcaster.roomsChanged([...new Set(userIds)]);
    await this.#mentions.clear(lastLeaves(roomId, waiting, places));
  }
}

function placesOf(
  waiting: readonly Announcement[],
  positions: readonly { seq: number; count: number }[],
): AnnouncementPlace[] {
  return waiting.map(({ changeNumber }, index) => {
    const position = positions[index];
    if (!position) throw new Error('The message service returned fewer positions than entries.');
    return { changeNumber, seq: position.seq, count: position.count };
  });
}

/** The position of each user's last leave, for the users who left. */
function lastLeaves(roomId: RoomId, waiting: readonly Announcement[], places: readonly AnnouncementPlace[]) {
  const seqs = new Map<UserId, number>();
  waiting.forEach(({ event, userId }, index) => {
    const place = places[index];
    if (event === 'member_left' && place) seqs.set(userId, place.seq);
  });
  return [...seqs].map(([userId, seq]) => ({ userId, roomId, seq }));
}
