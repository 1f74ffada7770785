import type { RoomId, UserId } from '@parley/protocol';

export interface NewRoom {
  readonly roomId: RoomId;
  readonly name: string | null;
  readonly creatorId: UserId;
  /** In join order, without duplicates. */
  readonly memberIds: readonly UserId[];
  readonly createdAt: number;
}

export interface RoomRecord {
  readonly roomId: RoomId;
  readonly name: string | null;
  readonly creatorId: UserId;
  /** The first five members in join order. */
  readonly firstMemberIds: readonly UserId[];
  /** Number of members at creation; never changes. */
  readonly initialMemberCount: number;
  readonly memberCount: number;
  readonly createdAt: number;
}

export interface RoomRename {
  readonly roomId: RoomId;
  readonly name: string | null;
  /** The user who renames the room. */
  readonly userId: UserId;
  readonly entryId: string;
  readonly at: number;
}

/** `unchanged`: the room has this name. `waiting`: another new name must be announced first; nothing was stored. */
export type RenameOutcome = 'renamed' | 'unchanged' | 'waiting';

export const ROOM_REPOSITORY = Symbol('RoomRepository');

export interface RoomRepository {
  /**
   * Stores the room, its first memberships (read up to seq 0) and its members' new roomsVersion in one transaction.
   * Returns false, and stores nothing, when the roomId is taken.
   */
  insert(room: NewRoom): Promise<boolean>;
  /**
   * Stores the name and its announcement in one transaction. Only one new name at a time waits to be announced: the
   * stored name is then either the name at the head of the room log or the one in its next room_renamed, and no event
   * reverts it.
   */
  rename(rename: RoomRename): Promise<RenameOutcome>;
  /** Unordered; unknown rooms are omitted. */
  find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]>;
  /**
   * Epoch of the stored data: it changes when the data is restored from a backup. undefined: the database user may not
   * read it.
   */
  findEpoch(): Promise<string | undefined>;
}
