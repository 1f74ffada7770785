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

export abstract class RoomRepository {
  /**
   * Stores the room, its first memberships (who have read all that there is, namely nothing) and its members' new
   * roomsVersion, in one transaction. false: the roomId is taken, and nothing was stored.
   */
  abstract insert(room: NewRoom): Promise<boolean>;
  /** In no order; rooms that do not exist are left out. */
  abstract find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]>;
}
