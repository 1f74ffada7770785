import type { Message, MessageId, MessagesPage, RoomEvent, RoomId, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { firstPage, merge, withEvents, withOlder } from './timeline.ts';

const roomId = 'room' as RoomId;
const userId = 'ada' as UserId;
const user = { userId, displayName: 'Ada' };

const message = (seq: number): Message => ({
  roomId,
  seq,
  messageId: `message-${seq}` as MessageId,
  userId,
  text: `number ${seq}`,
  attachments: [],
  reactions: [],
  createdAt: seq,
});
const created = (seq: number): RoomEvent => ({
  event: 'message_created',
  roomId,
  seq,
  data: { message: message(seq), user },
});
const target = (messageSeq: number) => ({ messageId: message(messageSeq).messageId, messageSeq, userId });
const page = (seqs: number[], head: number, more: boolean): MessagesPage => ({
  messages: seqs.map(message),
  users: [user],
  head,
  more,
});
const seqs = (timeline: { entries: readonly { seq: number }[] }) => timeline.entries.map(({ seq }) => seq);

describe('a timeline', () => {
  test('starts with the newest page and continues from the head, which may be no message', () => {
    const timeline = firstPage(roomId, page([3, 5], 6, true));
    expect(timeline).toMatchObject({ state: 'ready', head: 6, more: true });
    const { timeline: later } = withEvents(timeline, [created(6), created(7)], userId);
    expect([seqs(later), later.head]).toEqual([[3, 5, 7], 7]);
  });

  test('shows members who joined and left', () => {
    const { timeline } = withEvents(
      firstPage(roomId, page([], 0, false)),
      [
        { event: 'member_joined', roomId, seq: 1, data: { user } },
        { event: 'member_left', roomId, seq: 2, data: { userId } },
      ],
      userId,
    );
    expect(timeline.entries).toEqual([
      { kind: 'joined', seq: 1, userId },
      { kind: 'left', seq: 2, userId, removedBy: null },
    ]);
  });

  test('grows upwards by older pages', () => {
    const timeline = withOlder(firstPage(roomId, page([5, 6], 6, true)), page([1, 3], 6, false));
    expect([seqs(timeline), timeline.more, timeline.head]).toEqual([[1, 3, 5, 6], false, 6]);
  });

  test('stays the same object if every entry is known', () => {
    const timeline = firstPage(roomId, page([5], 6, true));
    expect(withEvents(timeline, [created(5), created(6)], userId)).toEqual({ timeline, changed: [] });
  });

  test('shows a message once if a page is ahead of its head', () => {
    const { timeline } = withEvents(firstPage(roomId, page([5, 6], 5, true)), [created(6), created(7)], userId);
    expect([seqs(timeline), timeline.head]).toEqual([[5, 6, 7], 7]);
  });

  test('applies a change of a loaded message', () => {
    const loaded = firstPage(roomId, page([4, 5], 5, true));
    const edited = { ...message(4), text: 'edited', editedAt: 6 };
    const reactions = [{ emoji: '👍', count: 1, userIds: [userId] }];
    const shown = [{ ...reactions[0], mine: true }];
    const { timeline, changed } = withEvents(
      loaded,
      [
        { event: 'message_updated', roomId, seq: 6, data: { message: edited, user } },
        { event: 'reaction_changed', roomId, seq: 7, data: { ...target(4), emoji: '👍', on: true, reactions } },
        { event: 'message_deleted', roomId, seq: 8, data: { ...target(5), deletedAt: 8 } },
        { event: 'message_deleted', roomId, seq: 9, data: { ...target(2), deletedAt: 9 } },
      ],
      userId,
    );
    const deleted = { ...message(5), text: '', deletedAt: 8 };
    expect(timeline.entries).toEqual([
      { kind: 'message', seq: 4, message: { ...edited, reactions: shown } },
      { kind: 'message', seq: 5, message: deleted },
    ]);
    expect([changed, timeline.head]).toEqual([timeline.entries, 9]);
  });

  test('applies a change in the same batch as its message', () => {
    const { timeline, changed } = withEvents(
      firstPage(roomId, page([], 0, false)),
      [created(1), { event: 'message_deleted', roomId, seq: 2, data: { ...target(1), deletedAt: 2 } }],
      userId,
    );
    expect(timeline.entries).toMatchObject([{ seq: 1, message: { text: '', deletedAt: 2 } }]);
    expect(changed).toEqual(timeline.entries);
  });

  test('is the same by entries as by a fresh page', () => {
    const { timeline } = withEvents(firstPage(roomId, page([1], 1, false)), [created(2), created(3)], userId);
    expect(timeline).toEqual(firstPage(roomId, page([1, 2, 3], 3, false)));
  });
});

test('merge sorts, and the second run wins where both have a seq', () => {
  const entry = (seq: number, name: string) => ({ kind: 'joined' as const, seq, userId: name as UserId });
  expect(merge([entry(2, 'old'), entry(4, 'old')], [entry(1, 'new'), entry(2, 'new')])).toEqual([
    entry(1, 'new'),
    entry(2, 'new'),
    entry(4, 'old'),
  ]);
});
