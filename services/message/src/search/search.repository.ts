import type { RoomId, UserId } from '@parley/protocol';

/** What search knows of a message. */
export interface SearchDocument {
  readonly roomId: RoomId;
  /** The message's own. */
  readonly seq: number;
  readonly userId: UserId;
  readonly at: number;
  /** Empty: it was deleted. */
  readonly tokens: readonly string[];
  /** seq up to which the log had been read before the message was: of two writers the one that knows more wins. */
  readonly version: number;
}

/** A message in the order of search: newest first, then by seq and room. */
export interface SearchPlace {
  readonly at: number;
  readonly seq: number;
  readonly roomId: RoomId;
}

export interface SearchRequest {
  readonly roomIds: readonly RoomId[];
  /** The text has a token that begins with each; at least one. */
  readonly prefixes: readonly string[];
  readonly userId?: UserId;
  /** Behind this place. */
  readonly before?: SearchPlace;
  readonly limit: number;
}

/**
 * An index of the messages' words, which follows the logs at a distance and can be made anew from them. It proposes:
 * whether a message is there still and says this, its entry decides.
 */
export interface SearchRepository {
  find(request: SearchRequest): Promise<SearchPlace[]>;
  /** Each takes the place of what is known of the message, unless that has a higher version. */
  store(documents: readonly SearchDocument[]): Promise<void>;
  /** seq up to which a room's log is in the index; 0: nothing of it is. */
  readProgress(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, number>>;
  noteProgress(roomId: RoomId, seq: number): Promise<void>;
  /** All rooms that have a log. */
  listRooms(): Promise<RoomId[]>;
}

/** Injection token of the SearchRepository. */
export const SEARCH_REPOSITORY = Symbol('SearchRepository');
