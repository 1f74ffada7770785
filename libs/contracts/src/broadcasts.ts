import type { RoomEvent, RoomId, UserId } from '@parley/protocol';
import type { SessionId } from './room-api.ts';

export const roomChannel = (roomId: RoomId): string => `room:${roomId}`;
export const userChannel = (userId: UserId): string => `user:${userId}`;

/**
 * A batch of a room's log on its channel: this header as JSON, a line feed, and the events as the JSON of an array's
 * inside (`{…},{…}`), so that a gateway forwards bytes that it never parsed.
 */
export interface RoomBroadcastHeader {
  readonly kind: 'events';
  readonly roomId: RoomId;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Membership changes among the events: here the gateway reads the body too. */
  readonly members?: true;
}

const LINE_FEED = 0x0a;

export function encodeRoomBroadcast(header: RoomBroadcastHeader, events: readonly RoomEvent[]): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(events).slice(1, -1)}`);
}

/** `events` is the body's bytes, not copied. Throws SyntaxError on what encodeRoomBroadcast did not make. */
export function decodeRoomBroadcast(payload: Buffer): { header: RoomBroadcastHeader; events: Buffer } {
  const end = payload.indexOf(LINE_FEED);
  if (end < 0) throw new SyntaxError('A room broadcast has no header.');
  const header = JSON.parse(payload.toString('utf8', 0, end)) as RoomBroadcastHeader;
  return { header, events: payload.subarray(end + 1) };
}

/** What is said on a person's channel; hints, whose truth is in the database. */
export type UserBroadcast =
  | { readonly kind: 'rooms_changed'; readonly roomsVersion: number }
  | { readonly kind: 'session_ended'; readonly sessionId: SessionId };

export const encodeUserBroadcast = (broadcast: UserBroadcast): Buffer => Buffer.from(JSON.stringify(broadcast));
export const decodeUserBroadcast = (payload: Buffer): UserBroadcast =>
  JSON.parse(payload.toString('utf8')) as UserBroadcast;
