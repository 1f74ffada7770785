import { ParleyError } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';

/** A room and the time of its last activity. */
export interface RoomActivity {
  readonly roomId: RoomId;
  readonly at: number;
}

/** Where a page of rooms ended. */
export interface RoomCursor extends RoomActivity {
  /** The newest activity when that page was made. Rooms with later activity may have moved past the cursor. */
  readonly seenAt: number;
}

/** Newest activity first, then by roomId. */
function compareRooms(a: RoomActivity, b: RoomActivity): number {
  return b.at - a.at || (a.roomId < b.roomId ? -1 : a.roomId > b.roomId ? 1 : 0);
}

/**
 * The rooms that remain after a page, in order: first those with later activity, which may have moved past the cursor,
 * then those behind the cursor. A client may get a room twice, but misses none.
 */
export function roomsAfter(rooms: readonly RoomActivity[], cursor: RoomCursor | undefined): RoomActivity[] {
  const sorted = [...rooms].sort(compareRooms);
  if (cursor === undefined) return sorted;
  return sorted.filter((room) => room.at > cursor.seenAt || compareRooms(room, cursor) > 0);
}

/** `last`: the last room of the page. */
export function nextCursor(rooms: readonly RoomActivity[], last: RoomActivity, before: RoomCursor | undefined): string {
  const seenAt = rooms.reduce((newest, { at }) => Math.max(newest, at), 0);
  // A page with only rooms that moved to the front does not move the cursor.
  const end = before !== undefined && compareRooms(last, before) < 0 ? before : last;
  return Buffer.from(JSON.stringify([end.at, end.roomId, seenAt])).toString('base64url');
}

/** Throws ParleyError `invalid` for anything that nextCursor does not return. */
export function parseCursor(text: string): RoomCursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(value)) throw new TypeError('not a list');
    const [at, roomId, seenAt] = value as unknown[];
    if (typeof at !== 'number' || typeof roomId !== 'string' || typeof seenAt !== 'number') {
      throw new TypeError('not a place and a time');
    }
    return { at, roomId: roomId as RoomId, seenAt };
  } catch (cause) {
    throw new ParleyError('invalid', '`after` must be the `next` of the page before.', { cause });
  }
}
