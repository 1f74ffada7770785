import type { RoomId, UserId } from '@parley/protocol';

/** A member, whose position is read or moved. */
export interface Reader {
  readonly roomId: RoomId;
  readonly userId: UserId;
}

/** Up to which seq the member has read, and how many messages that is. */
export interface ReadPosition extends Reader {
  readonly readSeq: number;
  readonly readCount: number;
}

/** As stored: null until the member's join is in the log. */
export interface StoredReadPosition extends Reader {
  readonly readSeq: number | null;
  readonly readCount: number | null;
}

export const READ_POSITION_REPOSITORY = Symbol('ReadPositionRepository');

/** Read positions of members. */
export interface ReadPositionRepository {
  /** Unordered; users who are not members are omitted. */
  find(readers: readonly Reader[]): Promise<readonly StoredReadPosition[]>;
  /** Moves positions forward. Ignores positions that are behind the stored ones, and users who are not members. */
  advance(positions: readonly ReadPosition[]): Promise<void>;
  /** How many members except `exceptId` have read up to the seq. */
  countReaders(roomId: RoomId, seq: number, exceptId: UserId | null): Promise<number>;
  /** The first `limit` of these members. */
  findReaders(roomId: RoomId, seq: number, exceptId: UserId | null, limit: number): Promise<readonly UserId[]>;
}
