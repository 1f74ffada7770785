import type { PresenceStatus, RoomEvent, RoomId, UserId } from '@parley/protocol';
import type { SessionId } from './room-api.ts';

export const roomChannel = (roomId: RoomId): string => `room:${roomId}`;
export const userChannel = (userId: UserId): string => `user:${userId}`;

/**
 * A batch of log entries on a room's channel: this header as JSON, a line feed, and the events as the inside of a JSON
 * array (`{…},{…}`), so that a gateway forwards the bytes without parsing them.
 */
export interface RoomBroadcastHeader {
  readonly kind: 'events';
  readonly roomId: RoomId;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The events include membership changes: the gateway must parse the body. */
  readonly members?: true;
  /** When the last entry was created, for metrics; absent in broadcasts of some releases. */
  readonly at?: number;
}

const LINE_FEED = 0x0a;

export function encodeRoomBroadcast(header: RoomBroadcastHeader, events: readonly RoomEvent[]): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(events).slice(1, -1)}`);
}

/** A message on a room's channel. Readers ignore kinds that they do not know. */
export interface RoomBroadcast {
  readonly header: RoomBroadcastHeader | RoomNotice;
  /** The body's bytes, not copied. */
  readonly events: Buffer;
}

/** Throws SyntaxError if the header is missing. */
export function decodeRoomBroadcast(payload: Buffer): RoomBroadcast {
  const end = payload.indexOf(LINE_FEED);
  if (end < 0) throw new SyntaxError('A room broadcast has no header.');
  const header = JSON.parse(payload.toString('utf8', 0, end)) as RoomBroadcast['header'];
  return { header, events: payload.subarray(end + 1) };
}

/**
 * A message on a room's channel that is not part of its log and has no body. Its seqs describe an empty part of the log,
 * which gateways that do not know the kind ignore.
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

/** The channel on which gateways publish presence changes. */
export const PRESENCE_CHANNEL = 'presence';

/** A user's new status, and the rooms whose members receive it. */
export interface PresenceChange {
  readonly userId: UserId;
  readonly status: PresenceStatus;
  /** By the clock that all gateways share: the later of two changes wins. */
  readonly at: number;
  readonly lastSeenAt?: number;
  readonly roomIds: readonly RoomId[];
}

export const encodePresenceChanges = (changes: readonly PresenceChange[]): Buffer =>
  Buffer.from(JSON.stringify({ changes }));

export const decodePresenceChanges = (payload: Buffer): readonly PresenceChange[] =>
  (JSON.parse(payload.toString('utf8')) as { changes: readonly PresenceChange[] }).changes;

/** A message on a user's channel: a hint; the database is authoritative. */
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
