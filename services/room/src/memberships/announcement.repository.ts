import type { RoomChangeEntry } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';

/** A committed change of a room that may not be in the room log yet. */
export type Announcement = RoomChangeEntry & {
  /** Numbers the changes of a room in commit order: 1, 2, 3, … */
  readonly changeNumber: number;
};

/** Where the entry of an announcement is in the log. */
export interface AnnouncementPlace {
  readonly changeNumber: number;
  readonly seq: number;
  readonly count: number;
}

export const ANNOUNCEMENT_REPOSITORY = Symbol('AnnouncementRepository');

/** Announcements, which MembershipRepository and RoomRepository insert in the transaction of each change. */
export interface AnnouncementRepository {
  /** The room's first announcements, in commit order. */
  findByRoom(roomId: RoomId, limit: number): Promise<readonly Announcement[]>;
  /** Whether a leave of the user waits to be announced. */
  isLeavePending(roomId: RoomId, userId: UserId): Promise<boolean>;
  /** Rooms with an announcement made before `madeBefore`, oldest first. */
  findOverdueRooms(madeBefore: number, limit: number): Promise<readonly RoomId[]>;
  /**
   * Sets the read position of new members to the place of their join, unless theirs is later, and removes the
   * announcements. Idempotent.
   */
  finish(roomId: RoomId, places: readonly AnnouncementPlace[]): Promise<void>;
}
