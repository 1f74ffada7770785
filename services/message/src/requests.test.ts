import { type ParleyError } from '@parley/contracts';
import { describe, expect, test } from 'vitest';
import * as parse from './requests.ts';
import { newMessageId, newRoomId, newUser } from './testing/people.ts';

const { userId } = newUser('Ada');
const roomId = newRoomId();
const message = { userId, messageId: newMessageId(), text: 'Hello', attachmentIds: [] };
const parsed = (fields: object) =>
  parse.appendMessages({ batches: [{ roomId, messages: [{ ...message, ...fields }] }] });
const invalid = expect.objectContaining({ name: 'ParleyError', code: 'invalid' }) as ParleyError;

describe('a message', () => {
  test.each([
    'x',
    ' x ',
    'x'.repeat(8_000),
    '👋'.repeat(4_000),
    '{"$gt": ""}',
    "'; DROP TABLE entries; --",
    '../../etc/passwd',
    '\u0000',
  ])('may say %j', (text) => {
    expect(parsed({ text })).toEqual([{ roomId, messages: [{ ...message, text }] }]);
  });

  test('may be without a text when it has an image', () => {
    const images = { text: '', attachmentIds: [newMessageId()] };
    expect(parsed(images)).toEqual([{ roomId, messages: [{ ...message, ...images }] }]);
  });

  test('with more than eight images is refused in its place', () => {
    const attachmentIds = Array.from({ length: 9 }, newMessageId);
    expect(parsed({ attachmentIds })).toMatchObject([{ messages: [{ code: 'too_large' }] }]);
  });

  test.each([
    ['without a text', { text: undefined }],
    ['with an empty text', { text: '' }],
    ['with nothing but white space', { text: ' \n\u2003' }],
    ['over 8,000 units', { text: 'x'.repeat(8_001) }],
    ['with half of a surrogate pair', { text: 'x\ud83d' }],
    ['with an operator for a text', { text: { $gt: '' } }],
    ['with a list for a text', { text: ['x'] }],
    ['with an operator for an id', { messageId: { $ne: null } }],
    ['with a path for an id', { messageId: '../../../../etc/passwd' }],
    ['with too short an id', { messageId: 'x'.repeat(15) }],
    ['with too long an id', { messageId: 'x'.repeat(65) }],
    ['with an operator for a person', { userId: { $gt: '' } }],
    ['of nobody', { userId: '' }],
    ['with an attachment named twice', { attachmentIds: [message.messageId, message.messageId] }],
    ['without its list of attachments', { attachmentIds: undefined }],
  ])('%s is refused in its place', (_name, fields) => {
    expect(parsed(fields)).toEqual([{ roomId, messages: [invalid] }]);
  });

  test('that is refused leaves its neighbours alone', () => {
    const batches = [{ roomId, messages: [message, null, message] }];
    expect(parse.appendMessages({ batches })).toEqual([{ roomId, messages: [message, invalid, message] }]);
  });
});

test.each<[string, (request: unknown) => unknown, unknown]>([
  ['nothing', parse.appendMessages, undefined],
  ['no batches', parse.appendMessages, {}],
  ['an operator for a room', parse.appendMessages, { batches: [{ roomId: { $gt: '' }, messages: [] }] }],
  ['another event', parse.appendMemberships, { roomId, entries: [{ entryId: 'x', event: 'message_created', userId }] }],
  [
    'a change of a message',
    parse.appendMemberships,
    { roomId, entries: [{ entryId: 'x', event: 'message_updated', userId }] },
  ],
  [
    'an event that is no name',
    parse.appendMemberships,
    { roomId, entries: [{ entryId: 'x', event: '$where', userId }] },
  ],
  [
    'a list for data',
    parse.appendMemberships,
    { roomId, entries: [{ entryId: 'x', event: 'x_unknown', userId, data: [] }] },
  ],
  [
    'over 64 KiB of unknown data',
    parse.appendMemberships,
    { roomId, entries: [{ entryId: 'x', event: 'x_unknown', userId, data: { text: 'x'.repeat(64 * 1024) } }] },
  ],
  ['an entry without an id', parse.appendMemberships, { roomId, entries: [{ event: 'member_left', userId }] }],
  ['a limit over 100 messages', parse.getMessages, { userId, roomId, limit: 101 }],
  ['a limit of 0', parse.getMessages, { userId, roomId, limit: 0 }],
  ['an operator for a seq', parse.getMessages, { userId, roomId, limit: 1, before: { $gt: 0 } }],
  ['a fraction for a seq', parse.getEvents, { userId, roomId, limit: 1, after: 0.5 }],
  ['a seq beyond whole numbers', parse.getEvents, { userId, roomId, limit: 1, after: 2 ** 53 }],
  ['no person', parse.getEvents, { roomId, limit: 1, after: 0 }],
  ['a limit over 200 events', parse.getMissedEvents, { roomId, limit: 201, after: 0 }],
  ['a room that is no id', parse.getHeads, { roomIds: ['__proto__'] }],
  ['a text for rooms', parse.getHeads, { roomIds: roomId }],
  ['mentions after no seq', parse.mentionPositions, { positions: [{ userId, roomId }] }],
  ['no positions of mentions', parse.mentionPositions, {}],
  ['a position of nobody’s mentions', parse.mentionPositions, { positions: [{ roomId, seq: 1 }] }],
  ['a mention at a seq below 0', parse.mentionPositions, { positions: [{ userId, roomId, seq: -1 }] }],
  ['a position without a seq', parse.getLastMessages, { positions: [{ roomId }] }],
])('a request with %s is invalid', (_name, parseRequest, request) => {
  expect(() => parseRequest(request)).toThrow(invalid);
});

test('an entry of an unknown event keeps its data as they came, and so do its neighbours', () => {
  const entries = [
    { entryId: 'a', event: 'x_unknown', userId, data: { odd: [1, { $gt: '' }, null], 'a.b': '👋' } },
    { entryId: 'b', event: 'x_without_data', userId },
    { entryId: 'c', event: 'member_joined', userId, data: {} },
  ];
  const [first, second, third] = entries;
  expect(parse.appendMemberships({ roomId, entries })).toEqual({
    roomId,
    entries: [first, { ...second, data: {} }, third],
  });
});

test('what the message service does not know in a request is left out', () => {
  expect(parse.getEvents({ userId, roomId, after: 0, limit: 200, $where: 'x' })).toEqual({
    userId,
    roomId,
    after: 0,
    limit: 200,
  });
});
