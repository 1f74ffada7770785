import type { PresenceStatus, RoomEvent, RoomId, UserId } from '@parley/protocol';
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
  /** When the last of them was made, for measuring; the release before may not say. */
  readonly at?: number;
}

const LINE_FEED = 0x0a;

export function encodeRoomBroadcast(header: RoomBroadcastHeader, events: readonly RoomEvent[]): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(events).slice(1, -1)}`);
}

/** Whatever comes on a room's channel. Of kinds that it does not know a reader takes no notice. */
export interface RoomBroadcast {
  readonly header: RoomBroadcastHeader | RoomNotice;
  /** The body's bytes, not copied. */
  readonly events: Buffer;
}

/** Throws SyntaxError on what has no header. */
export function decodeRoomBroadcast(payload: Buffer): RoomBroadcast {
  const end = payload.indexOf(LINE_FEED);
  if (end < 0) throw new SyntaxError('A room broadcast has no header.');
  const header = JSON.parse(payload.toString('utf8', 0, end)) as RoomBroadcast['header'];
  return { header, events: payload.subarray(end + 1) };
}

/**
 * What is said in a room and is no entry of its log, on the same channel and without a body. It says that it brings no
 * part of the log (the one before the first), which gateways of the release before pass over.
 */
export type RoomNotice = {
  readonly roomId: RoomId;
  readonly firstSeq: 1;
  readonly lastSeq: 0;
} & (
  | { readonly kind: 'typing'; readonly userId: UserId }
  | { readonly kind: 'read'; readonly readings: readonly { readonly userId: UserId; readonly seq: number }[] }
);

export function encodeRoomNotice(notice: DistributiveOmit<RoomNotice, 'firstSeq' | 'lastSeq'>): Buffer {
  return Buffer.from(`${JSON.stringify({ ...notice, firstSeq: 1, lastSeq: 0 })}\n`);
}

type DistributiveOmit<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never;

/** Where gateways tell each other who came and went. */
export const PRESENCE_CHANNEL = 'presence';

/** Somebody's status, and the rooms whose members are told of it. */
export interface PresenceChange {
  readonly userId: UserId;
  readonly status: PresenceStatus;
  /** By the clock that all gateways share: of two changes the later one holds. */
  readonly at: number;
  readonly lastSeenAt?: number;
  readonly roomIds: readonly RoomId[];
}

export const encodePresenceChanges = (changes: readonly PresenceChange[]): Buffer =>
  Buffer.from(JSON.stringify({ changes }));

export const decodePresenceChanges = (payload: Buffer): readonly PresenceChange[] =>
  (JSON.parse(payload.toString('utf8')) as { changes: readonly PresenceChange[] }).changes;

/** What is said on a person's channel; hints, whose truth is in the database. */
export type UserBroadcast =
  | {
      readonly kind: 'room_read';
      readonly roomId: RoomId;
      readonly seq: number;
      readonly readCount: number;
      readonly mentionCount?: number;
    }
  | { readonly kind: 'rooms_changed'; readonly roomsVersion: number }
  | { readonly kind: 'session_ended'; readonly sessionId: SessionId };

export const encodeUserBroadcast = (broadcast: UserBroadcast): Buffer => Buffer.from(JSON.stringify(broadcast));
export const decodeUserBroadcast = (payload: Buffer): UserBroadcast =>
  JSON.parse(payload.toString('utf8')) as UserBroadcast;
