import { createLogger } from '@parley/platform';
import type { MessageId, RoomEvent, RoomId, UserId } from '@parley/protocol';

export const silentLogger = createLogger('test', 'silent');

/** Counts nothing. */
export const noMetrics = {
  deliveries: { inc: () => undefined },
  commands: { inc: () => undefined },
  busLag: { observe: () => undefined },
  gapsFilled: { inc: () => undefined },
};

export const userId = 'user-0000-0000-0001' as UserId;

export function messageCreated(roomId: RoomId, seq: number): RoomEvent {
  const messageId = `message-0000-${String(seq).padStart(6, '0')}` as MessageId;
  const message = {
    roomId,
    seq,
    messageId,
    userId,
    text: `Text ${seq}`,
    attachments: [],
    reactions: [],
    createdAt: seq,
  };
  return { event: 'message_created', roomId, seq, data: { message, user: { userId, displayName: 'Ada' } } };
}

export function memberLeft(roomId: RoomId, seq: number, leaver: UserId): RoomEvent {
  return { event: 'member_left', roomId, seq, data: { userId: leaver } };
}
