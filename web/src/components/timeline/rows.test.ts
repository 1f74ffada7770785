import type { Message, MessageId, RoomId, UserId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../domain/timeline.ts';
import type { UnsentMessage } from '../../domain/outbox.ts';
import { GROUP_MS, timelineRows, type TimelineRow } from './rows.ts';

const roomId = 'room-0123456789abcdef' as RoomId;
const ada = 'ada' as UserId;
const bob = 'bob' as UserId;
const noon = new Date(2026, 2, 3, 12).getTime();
const options = { ownId: ada, newAfter: null };

function message(seq: number, userId: UserId, createdAt = noon): TimelineEntry {
  const content = { roomId, seq, messageId: `m${seq}` as MessageId, userId, text: `text ${seq}`, createdAt };
  return { kind: 'message', seq, message: { ...content, attachments: [], reactions: [] } satisfies Message };
}

function unsent(id: string, createdAt = noon): UnsentMessage {
  const content = { roomId, messageId: id as MessageId, text: id, images: [], replyTo: null, mentions: [] };
  return { ...content, createdAt, status: 'pending', error: null };
}

function loaded(entries: readonly TimelineEntry[], more = false, pageStarts: readonly number[] = []) {
  return { entries, more, pageStarts: new Set(pageStarts) };
}

/** `day`, `M1` (first of its group), `m2` (in a group), `fold +ada -bob`, `new`. */
function outline(rows: readonly TimelineRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'message') return row.first ? row.key.toUpperCase() : row.key;
    if (row.kind !== 'membership') return row.kind;
    return ['fold', ...row.joined.map((id) => `+${id}`), ...row.left.map((id) => `-${id}`)].join(' ');
  });
}

describe('the rows of a timeline', () => {
  it('are empty for an empty room', () => {
    expect(timelineRows(loaded([]), [], options)).toEqual([]);
  });

  it('group the messages of a user until five minutes after the first', () => {
    const entries = [
      message(1, ada),
      message(2, ada, noon + GROUP_MS - 1),
      message(3, ada, noon + GROUP_MS),
      message(4, bob, noon + GROUP_MS),
      message(5, ada, noon + GROUP_MS),
    ];
    expect(outline(timelineRows(loaded(entries), [], options))).toEqual(['day', 'M1', 'm2', 'M3', 'M4', 'M5']);
  });

  it('begin each day with a separator, which ends a group', () => {
    const beforeMidnight = new Date(2026, 2, 3, 23, 59).getTime();
    const entries = [message(1, ada, beforeMidnight), message(2, ada, beforeMidnight + 60_000)];
    expect(outline(timelineRows(loaded(entries), [], options))).toEqual(['day', 'M1', 'day', 'M2']);
  });

  it('do not begin with a separator while older messages may belong to the same day', () => {
    expect(outline(timelineRows(loaded([message(7, ada)], true), [], options))).toEqual(['M7']);
  });

  it('do not go back a day when a message was written by a slow clock', () => {
    const rows = timelineRows(loaded([message(1, bob)]), [unsent('late', noon - 86_400_000)], options);
    expect(outline(rows)).toEqual(['day', 'M1', 'LATE']);
  });

  it('fold consecutive joins and leaves into one row', () => {
    const entries: TimelineEntry[] = [
      message(1, ada),
      { kind: 'joined', seq: 2, userId: bob },
      { kind: 'left', seq: 3, userId: bob, removedBy: null },
      message(4, ada),
      { kind: 'joined', seq: 5, userId: bob },
    ];
    expect(outline(timelineRows(loaded(entries), [], options))).toEqual([
      'day',
      'M1',
      'fold +bob -bob',
      'M4',
      'fold +bob',
    ]);
  });

  it('show unsent messages after all sent ones, in the group of the last', () => {
    const rows = timelineRows(loaded([message(1, ada)]), [unsent('x'), unsent('y')], options);
    expect(outline(rows)).toEqual(['day', 'M1', 'x', 'y']);
    expect(rows.at(-1)).toMatchObject({ seq: null, own: true, status: 'pending' });
  });

  it('put "New" before the first unread message of another user, once', () => {
    const entries = [message(1, bob), message(2, ada), message(3, bob), message(4, bob)];
    const rows = timelineRows(loaded(entries), [], { ownId: ada, newAfter: 1 });
    expect(outline(rows)).toEqual(['day', 'M1', 'M2', 'new', 'M3', 'm4']);
  });

  it('keep every row unchanged when an older page is added above it', () => {
    const newer = [message(3, ada), message(4, ada), message(5, bob)];
    const before = timelineRows(loaded(newer, true), [], options);
    const older: TimelineEntry[] = [message(1, ada), message(2, ada)];
    const after = timelineRows(loaded([...older, ...newer], false, [3]), [], options);
    expect(after.slice(-before.length)).toEqual(before);
  });

  it('are the same objects while they look the same', () => {
    const [one, two] = [message(1, ada), message(2, ada)];
    const [, before] = timelineRows(loaded([one]), [], options);
    const [, after, added] = timelineRows(loaded([one, two]), [], options);
    expect(after).toBe(before);
    // Another page begins with this entry.
    const [, , apart] = timelineRows(loaded([one, two], false, [2]), [], options);
    expect([added, apart]).toMatchObject([{ first: false }, { first: true }]);
    const [, foreign] = timelineRows(loaded([one]), [], { ...options, ownId: bob });
    expect(foreign).toMatchObject({ own: false });
  });
});
