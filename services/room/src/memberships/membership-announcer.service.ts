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
/** What is younger is in the hands of the request that made it. */
const OVERDUE_MS = 5_000;

/**
 * Brings committed changes of rooms, of their members and names, into their logs. Any process may do it for any room, at the same time as
 * another: all of it is repeatable. Always all of a room, in the order of their commits, so that a leaving that had to
 * wait does not come after the return of that person.
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

  /** Resolves when what was committed before the call is in the log. Rejects as the message service does. */
  announce(roomId: RoomId): Promise<void> {
    return this.#rooms.run(roomId);
  }

  /** What requests left behind when their process ended or the message service could not be reached. */
  async announceOverdue(): Promise<void> {
    const rooms = await this.#announcements.findOverdueRooms(this.#clock.now() - OVERDUE_MS, ROOMS_AT_ONCE);
    await Promise.all(rooms.map((roomId) => this.#announceIfPossible(roomId)));
  }

  async #announceIfPossible(roomId: RoomId): Promise<void> {
    try {
      await this.announce(roomId);
    } catch (error) {
      this.#logger.warn({ err: error, roomId }, 'Changes of membership still wait to be announced.');
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
    const moved = waiting.filter(({ event }) => event !== 'room_renamed').map(({ userId }) => userId);
    if (moved.length > 0) await this.#broadcaster.roomsChanged([...new Set(moved)]);
    await this.#mentions.clear(leftOf(roomId, waiting, places));
  }
}

function placesOf(
  waiting: readonly Announcement[],
  positions: readonly { seq: number; count: number }[],
): AnnouncementPlace[] {
  return waiting.map(({ changeNumber }, index) => {
    const position = positions[index];
    if (!position) throw new Error('The message service did not say where every entry stands.');
    return { changeNumber, seq: position.seq, count: position.count };
  });
}

/** The last leaving of each person, of those who left. */
function leftOf(roomId: RoomId, waiting: readonly Announcement[], places: readonly AnnouncementPlace[]) {
  const left = new Map<UserId, number>();
  waiting.forEach(({ event, userId }, index) => {
    const place = places[index];
    if (event === 'member_left' && place) left.set(userId, place.seq);
  });
  return [...left].map(([userId, seq]) => ({ userId, roomId, seq }));
}
