import type { Message, MessageId, MessagesPage, RoomId, UserId } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { historyWindow, windowAfter, withNewerPage, withOlderPage, type HistoryWindow } from './history.ts';

const [roomId, self] = ['room' as RoomId, 'ada' as UserId];
const message = (seq: number): Message => ({
  ...{ roomId, seq, messageId: `m${seq}` as MessageId, userId: self, text: `${seq}` },
  ...{ attachments: [], reactions: [], createdAt: seq },
});
const page = (seqs: number[], more: boolean, moreAfter: boolean): MessagesPage => ({
  ...{ messages: seqs.map(message), users: [], head: 9, more },
  ...(moreAfter && { moreAfter }),
});
const end = [8, 9].map((seq) => ({ kind: 'message', seq, message: message(seq) }) as const);
const outline = ({ entries, more, moreAfter }: HistoryWindow) => [entries.map(({ seq }) => seq), more, moreAfter];

describe('a history window', () => {
  const window = historyWindow(page([4, 5], true, true));

  test('grows on both sides', () => {
    expect(outline(withOlderPage(window, page([2, 3], false, true)))).toEqual([[2, 3, 4, 5], false, true]);
    expect(outline(withNewerPage(window, page([6, 7], true, true), end))).toEqual([[4, 5, 6, 7], true, true]);
  });

  test('continues with the end of the log once it reaches it', () => {
    expect(outline(withNewerPage(window, page([6, 7], true, false), end))).toEqual([[4, 5, 6, 7, 8, 9], true, false]);
  });

  test('applies changes of its messages, and stays the same object without any', () => {
    const deleted = (messageSeq: number) =>
      ({
        event: 'message_deleted',
        ...{ roomId, seq: 10 },
        data: { messageId: message(messageSeq).messageId, messageSeq, userId: self, deletedAt: 10 },
      }) as const;
    expect(windowAfter(window, [deleted(4)], self).entries[0]).toMatchObject({ message: { text: '', deletedAt: 10 } });
    expect(windowAfter(window, [deleted(2)], self)).toBe(window);
  });
});
