import type { RoomChangeEntry } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';

/** A change of a room that is committed and not certainly in its log yet. */
export type Announcement = RoomChangeEntry & {
  /** 1, 2, 3, … for the changes of a room, in the order of their commits. */
  readonly changeNumber: number;
};

/** Where the entry of an announcement stands in the log. */
export interface AnnouncementPlace {
  readonly changeNumber: number;
  readonly seq: number;
  readonly count: number;
}

export const ANNOUNCEMENT_REPOSITORY = Symbol('AnnouncementRepository');

/** Made by MembershipRepository and RoomRepository with each change; here they are found and done with. */
export interface AnnouncementRepository {
  /** The first of a room, in the order of their commits. */
  findByRoom(roomId: RoomId, limit: number): Promise<readonly Announcement[]>;
  /** Whether this person's leaving waits to be announced. */
  isLeaving(roomId: RoomId, userId: UserId): Promise<boolean>;
  /** Rooms with an announcement made before, the longest waiting first. */
  findOverdueRooms(madeBefore: number, limit: number): Promise<readonly RoomId[]>;
  /** Whoever joined has read up to there, unless a later place is known already; the announcements are gone. Repeatable. */
  finish(roomId: RoomId, places: readonly AnnouncementPlace[]): Promise<void>;
}
