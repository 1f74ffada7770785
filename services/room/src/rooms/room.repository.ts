import type { RoomId, UserId } from '@parley/protocol';

export interface NewRoom {
  readonly roomId: RoomId;
  readonly name: string | null;
  readonly creatorId: UserId;
  /** In the order in which they count as having joined, each once. */
  readonly memberIds: readonly UserId[];
  readonly createdAt: number;
}

export interface RoomRecord {
  readonly roomId: RoomId;
  readonly name: string | null;
  readonly creatorId: UserId;
  /** The first five, in the order they joined. */
  readonly firstMemberIds: readonly UserId[];
  /** How many it was made with; never changed. */
  readonly initialMemberCount: number;
  readonly memberCount: number;
  readonly createdAt: number;
}

export interface Renaming {
  readonly roomId: RoomId;
  readonly name: string | null;
  /** Who gives the name. */
  readonly userId: UserId;
  readonly entryId: string;
  readonly at: number;
}

/** `unchanged`: that is its name. `waiting`: another new name has to be announced first; nothing was stored. */
export type RenameOutcome = 'renamed' | 'unchanged' | 'waiting';

export const ROOM_REPOSITORY = Symbol('RoomRepository');

export interface RoomRepository {
  /**
   * Stores the room, its first memberships (who have read all that there is, namely nothing) and its members' new
   * roomsVersion, in one transaction. false: the roomId is taken, and nothing was stored.
   */
  insert(room: NewRoom): Promise<boolean>;
  /**
   * The name and its announcement, in one transaction. One new name at a time waits to be announced: what a room is
   * called is then either the name at the head of its log or the one that its next room_renamed brings, never one that
   * an event would take back.
   */
  rename(renaming: Renaming): Promise<RenameOutcome>;
  /** In no order; rooms that do not exist are left out. */
  find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]>;
  /**
   * An id of the data as they go on: another one after they were restored from a backup, and until then the same.
   * undefined: the database does not tell it.
   */
  findEpoch(): Promise<string | undefined>;
}
