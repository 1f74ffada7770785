import type { MessageId, RoomEvent, RoomId, RoomSummary, User, UserId, WireError } from '@parley/protocol';
import { expect, test } from 'vitest';
import { findViolations } from './checker.ts';
import type { Acknowledged, Observation, Stay, Truth } from './observation.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const ada: User = { userId: 'user-ada' as UserId, displayName: 'Ada' };
const bob: User = { userId: 'user-bob' as UserId, displayName: 'Bob' };

type MessageCreated = Extract<RoomEvent, { event: 'message_created' }>;

const said = (seq: number, text = `text ${seq}`): MessageCreated => {
  const messageId = `message-0000-000${seq}` as MessageId;
  const message = { roomId, seq, messageId, userId: ada.userId, text, attachments: [], reactions: [], createdAt: seq };
  return { event: 'message_created', roomId, seq, data: { message, user: ada } };
};
const left = (seq: number, { userId }: User): RoomEvent => ({ event: 'member_left', roomId, seq, data: { userId } });
const joined = (seq: number, user: User): RoomEvent => ({ event: 'member_joined', roomId, seq, data: { user } });

const room = (head: number): RoomSummary => ({
  ...{ roomId, name: 'Room', members: [ada, bob], memberCount: 2, createdAt: 1 },
  ...{ head, count: head, readSeq: head, readCount: head, lastMessage: null },
});

const LOG = [said(1), said(2), said(3)];

/** As delivered to a user who has read all of it. */
const roomOf = (log: readonly RoomEvent[]): RoomSummary => ({
  ...room(log.length),
  readCount: log.filter(({ event }) => event === 'message_created').length,
});

function truth(log: readonly RoomEvent[] = LOG, rooms: readonly RoomSummary[] = [roomOf(log)]): Truth {
  return {
    logs: new Map([[roomId, log]]),
    founders: new Map([[roomId, new Set([ada.userId])]]),
    rooms: new Map([[ada.userId, rooms]]),
  };
}

const stay = (parts: Partial<Stay> = {}): Stay => ({
  ...{ room: room(3), from: 0, applied: LOG, live: LOG, ended: false },
  ...parts,
});

const observe = (parts: Partial<Observation> = {}): Observation => ({
  ...{
    client: 'Ada 1',
    userId: ada.userId,
    stays: [stay()],
    acknowledged: [],
    changes: [],
    unexpected: [],
    refusals: [],
  },
  read: new Map(),
  ...parts,
});

const kinds = (against: Truth, ...observations: Observation[]): string[] => [
  ...new Set(findViolations(against, observations).map(({ kind }) => kind)),
];

const acknowledged = (event: MessageCreated, connection?: number): Acknowledged => ({
  message: event.data.message,
  connection,
});

test('clients that have what the database has break nothing', () => {
  const late = stay({ from: 2, applied: [said(3)], live: [] });
  const all = [acknowledged(said(1), 1), acknowledged(said(2), 1), acknowledged(said(1))];
  expect(kinds(truth(), observe({ acknowledged: all }), observe({ stays: [late] }))).toEqual([]);
});

test('a log with a hole', () => {
  const log = [said(1), said(3)];
  expect(kinds(truth(log, []), observe({ stays: [] }))).toEqual(['hole']);
});

test('a message that stands twice in the log', () => {
  const again: RoomEvent = { ...said(1), seq: 2 };
  expect(kinds(truth([said(1), again], []), observe({ stays: [] }))).toEqual(['doubled']);
});

test('a place that was read, and is not any more', () => {
  const read = new Map([[roomId, 2]]);
  const readUpTo = (readSeq: number): Truth => truth(LOG, [{ ...room(3), readSeq, readCount: readSeq }]);
  expect(kinds(readUpTo(2), observe({ read }))).toEqual([]);
  expect(kinds(readUpTo(1), observe({ read }))).toEqual(['lost']);
});

test('a user who wrote after an entry without having read it', () => {
  const observation = observe({ acknowledged: [acknowledged(said(2))] });
  expect(kinds(truth(LOG, [{ ...room(3), readSeq: 1, readCount: 1 }]), observation)).toEqual(['stale']);
});

test('a wrong number of messages up to what was read', () => {
  expect(kinds(truth(LOG, [{ ...room(3), readSeq: 2, readCount: 1 }]), observe())).toEqual(['altered']);
});

test('an acknowledged message that is not stored', () => {
  expect(kinds(truth(), observe({ acknowledged: [acknowledged(said(4))] }))).toEqual(['lost']);
});

test('an acknowledged message that is stored elsewhere, or as another', () => {
  const moved = { ...said(1).data.message, seq: 2 };
  expect(kinds(truth(), observe({ acknowledged: [{ message: moved, connection: 1 }] }))).toEqual(['order']);
  expect(kinds(truth(), observe({ acknowledged: [acknowledged(said(1, 'another text'))] }))).toEqual(['altered']);
});

test('messages of one connection that are stored in another order than they were sent in', () => {
  const swapped = [acknowledged(said(2), 1), acknowledged(said(1), 1)];
  expect(kinds(truth(), observe({ acknowledged: swapped }))).toEqual(['order']);
});

test('messages that needed several connections may have been overtaken', () => {
  const swapped = [acknowledged(said(2)), acknowledged(said(1), 1)];
  expect(kinds(truth(), observe({ acknowledged: swapped }))).toEqual([]);
});

test('a client that lacks an entry', () => {
  expect(kinds(truth(), observe({ stays: [stay({ applied: [said(1), said(3)] })] }))).toEqual(['missing']);
});

test('a client that applied an entry twice', () => {
  const applied = [said(1), said(2), said(2), said(3)];
  expect(kinds(truth(), observe({ stays: [stay({ applied })] }))).toEqual(['doubled']);
});

test('a client that has a message under two places', () => {
  const again: RoomEvent = { ...said(2), seq: 3 };
  expect(kinds(truth(), observe({ stays: [stay({ applied: [said(1), said(2), again] })] }))).toContain('doubled');
});

test('a client that applied entries by arrival', () => {
  const applied = [said(1), said(3), said(2)];
  expect(kinds(truth(), observe({ stays: [stay({ applied })] }))).toEqual(['order']);
});

test('a client whose list is not the one that a fresh client gets', () => {
  expect(kinds(truth(), observe({ stays: [stay({ room: room(2) })] }))).toEqual(['stale']);
  expect(kinds(truth(), observe({ stays: [] }))).toEqual(['stale']);
  expect(kinds(truth(LOG, []), observe())).toEqual(['stale']);
});

test('a client that gets entries of an unannounced room', () => {
  expect(kinds(truth(), observe({ unexpected: [said(1)] }))).toEqual(['foreign']);
});

test('a user who left has nothing after leaving', () => {
  const log = [said(1), left(2, ada), said(3)];
  const honest = stay({ applied: log.slice(0, 2), live: log.slice(0, 2), ended: true });
  expect(kinds(truth(log, []), observe({ stays: [honest] }))).toEqual([]);
  const eavesdropping = stay({ applied: log, live: log, ended: true });
  expect(kinds(truth(log, []), observe({ stays: [eavesdropping] }))).toEqual(['foreign']);
});

test('a user who returned gets the room again before its next entry', () => {
  const log = [left(1, ada), said(2), joined(3, ada), said(4)];
  const first = stay({ applied: log.slice(0, 1), live: log.slice(0, 1), ended: true });
  const second = stay({ room: room(4), from: 3, applied: log.slice(3), live: log.slice(3) });
  expect(kinds(truth(log), observe({ stays: [first, second] }))).toEqual([]);
  const unbroken = stay({ room: room(4), applied: log, live: log });
  expect(kinds(truth(log), observe({ stays: [unbroken] }))).toEqual(['foreign']);
});

test('a user who never was a member has nothing', () => {
  const stranger = observe({ userId: bob.userId, stays: [stay({ ended: true })] });
  expect(kinds(truth(), stranger)).toEqual(['foreign']);
});

test('an error that no honest client should get', () => {
  const error: WireError = { code: 'internal', message: 'Something went wrong.', retryable: true };
  expect(kinds(truth(), observe({ refusals: [error] }))).toEqual(['refused']);
});
