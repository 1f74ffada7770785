import type { RoomId, UserId } from '@parley/protocol';

/** One person in one room. */
export interface Reader {
  readonly roomId: RoomId;
  readonly userId: UserId;
}

/** Up to where they have read. */
export interface ReadPosition extends Reader {
  readonly readSeq: number;
  readonly readCount: number;
}

/** As it is stored: null while a joining has no place in the log yet. */
export interface StoredReadPosition extends Reader {
  readonly readSeq: number | null;
  readonly readCount: number | null;
}

export const READING_REPOSITORY = Symbol('ReadingRepository');

/** How far the members of rooms have read. */
export interface ReadingRepository {
  /** In no order; those who are not members are left out. */
  find(readers: readonly Reader[]): Promise<readonly StoredReadPosition[]>;
  /** Moves each on that is behind or unknown yet; what is further already or no membership stays as it is. */
  advance(positions: readonly ReadPosition[]): Promise<void>;
  /** How many have read up to the seq, without `exceptId`. */
  countReaders(roomId: RoomId, seq: number, exceptId: UserId | null): Promise<number>;
  /** The first of them. */
  findReaders(roomId: RoomId, seq: number, exceptId: UserId | null, limit: number): Promise<readonly UserId[]>;
}
