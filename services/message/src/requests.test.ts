import { type ParleyError } from '@parley/contracts';
import { MESSAGE_REQUESTS, parseInput } from '@parley/contracts/validation';
import { describe, expect, test } from 'vitest';
import { parseBatches, parseRoomChanges } from './requests.ts';
import { newMessageId, newRoomId, newUser } from './testing/room-records.ts';

const parserOf =
  (method: keyof typeof MESSAGE_REQUESTS) =>
  (request: unknown): object =>
    parseInput<object>(MESSAGE_REQUESTS[method], request);

const { userId } = newUser('Ada');
const roomId = newRoomId();
const message = { userId, messageId: newMessageId(), text: 'Hello', attachmentIds: [] };
const parsed = (fields: object) => parseBatches({ batches: [{ roomId, messages: [{ ...message, ...fields }] }] });
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
  ])('may have the text %j', (text) => {
    expect(parsed({ text })).toEqual([{ roomId, messages: [{ ...message, text }] }]);
  });

  test('may have no text when it has an attachment', () => {
    const images = { text: '', attachmentIds: [newMessageId()] };
    expect(parsed(images)).toEqual([{ roomId, messages: [{ ...message, ...images }] }]);
  });

  test('with more than eight attachments is refused alone', () => {
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
    ['without an author', { userId: '' }],
    ['with an attachment named twice', { attachmentIds: [message.messageId, message.messageId] }],
    ['without its list of attachments', { attachmentIds: undefined }],
  ])('%s is refused alone', (_name, fields) => {
    expect(parsed(fields)).toEqual([{ roomId, messages: [invalid] }]);
  });

  test('that is refused does not affect the others of its batch', () => {
    const batches = [{ roomId, messages: [message, null, message] }];
    expect(parseBatches({ batches })).toEqual([{ roomId, messages: [message, invalid, message] }]);
  });
});

test.each<[string, (request: unknown) => unknown, unknown]>([
  ['nothing', parseBatches, undefined],
  ['no batches', parseBatches, {}],
  ['an operator for a room', parseBatches, { batches: [{ roomId: { $gt: '' }, messages: [] }] }],
  ['another event', parseRoomChanges, { roomId, entries: [{ entryId: 'x', event: 'message_created', userId }] }],
  [
    'a change of a message',
    parseRoomChanges,
    { roomId, entries: [{ entryId: 'x', event: 'message_updated', userId }] },
  ],
  ['an event that is no name', parseRoomChanges, { roomId, entries: [{ entryId: 'x', event: '$where', userId }] }],
  ['a list for data', parseRoomChanges, { roomId, entries: [{ entryId: 'x', event: 'x_unknown', userId, data: [] }] }],
  [
    'over 64 KiB of unknown data',
    parseRoomChanges,
    { roomId, entries: [{ entryId: 'x', event: 'x_unknown', userId, data: { text: 'x'.repeat(64 * 1024) } }] },
  ],
  ['an entry without an id', parseRoomChanges, { roomId, entries: [{ event: 'member_left', userId }] }],
  ['a limit over 100 messages', parserOf('getMessages'), { userId, roomId, limit: 101 }],
  ['a limit of 0', parserOf('getMessages'), { userId, roomId, limit: 0 }],
  ['an operator for a seq', parserOf('getMessages'), { userId, roomId, limit: 1, before: { $gt: 0 } }],
  ['a fraction for a seq', parserOf('getEvents'), { userId, roomId, limit: 1, after: 0.5 }],
  ['a seq beyond whole numbers', parserOf('getEvents'), { userId, roomId, limit: 1, after: 2 ** 53 }],
  ['no person', parserOf('getEvents'), { roomId, limit: 1, after: 0 }],
  ['a limit over 200 events', parserOf('getMissedEvents'), { roomId, limit: 201, after: 0 }],
  ['a room that is no id', parserOf('getHeads'), { roomIds: ['__proto__'] }],
  ['a text for rooms', parserOf('getHeads'), { roomIds: roomId }],
  ['mentions after no seq', parserOf('countMentions'), { positions: [{ userId, roomId }] }],
  ['no positions of mentions', parserOf('countMentions'), {}],
  ['a position without a user', parserOf('countMentions'), { positions: [{ roomId, seq: 1 }] }],
  ['a mention at a seq below 0', parserOf('countMentions'), { positions: [{ userId, roomId, seq: -1 }] }],
  ['a position without a seq', parserOf('getLastMessages'), { positions: [{ roomId }] }],
])('a request with %s is invalid', (_name, parseRequest, request) => {
  expect(() => parseRequest(request)).toThrow(invalid);
});

test('an entry of an unknown event keeps its data unchanged, and so do the others', () => {
  const entries = [
    { entryId: 'a', event: 'x_unknown', userId, data: { odd: [1, { $gt: '' }, null], 'a.b': '👋' } },
    { entryId: 'b', event: 'x_without_data', userId },
    { entryId: 'c', event: 'member_joined', userId, data: {} },
  ];
  const [first, second, third] = entries;
  expect(parseRoomChanges({ roomId, entries })).toEqual({
    roomId,
    entries: [first, { ...second, data: {} }, third],
  });
});

test('unknown fields of a request are ignored', () => {
  expect(parserOf('getEvents')({ userId, roomId, after: 0, limit: 200, $where: 'x' })).toEqual({
    userId,
    roomId,
    after: 0,
    limit: 200,
  });
});
