import type { RoomId, UserId } from '@parley/protocol';

/** The index document of a message. */
export interface SearchDocument {
  readonly roomId: RoomId;
  /** The message's seq. */
  readonly seq: number;
  readonly userId: UserId;
  readonly at: number;
  /** Empty: the message was deleted. */
  readonly tokens: readonly string[];
  /** The seq up to which the log was read before the message was. Of two writers, that with the higher version wins. */
  readonly version: number;
}

/** A message's position in search results: newest first, then by seq and room. */
export interface SearchPlace {
  readonly at: number;
  readonly seq: number;
  readonly roomId: RoomId;
}

export interface SearchRequest {
  readonly roomIds: readonly RoomId[];
  /** For each prefix the message has a token that starts with it. At least one. */
  readonly prefixes: readonly string[];
  readonly userId?: UserId;
  /** Only results after this position. */
  readonly before?: SearchPlace;
  readonly limit: number;
}

/**
 * An index of the words in messages. It lags behind the logs and can be rebuilt from them. Results are candidates: the
 * entry of a message decides whether it still exists and matches.
 */
export interface SearchRepository {
  find(request: SearchRequest): Promise<SearchPlace[]>;
  /** Each document replaces the stored one of its message, unless that has the same or a higher version. */
  store(documents: readonly SearchDocument[]): Promise<void>;
  /** The seq up to which each room's log is indexed. Rooms that are not indexed are absent. */
  readProgress(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, number>>;
  noteProgress(roomId: RoomId, seq: number): Promise<void>;
  /** All rooms that have a log. */
  listRooms(): Promise<RoomId[]>;
}

/** Injection token of the SearchRepository. */
export const SEARCH_REPOSITORY = Symbol('SearchRepository');
