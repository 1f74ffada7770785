import {
  ParleyError,
  type AttachmentApi,
  type ByteRange,
  type MessageApi,
  type NewMessage,
  type RoomChangeEntry,
} from '@parley/contracts';
import {
  ID_PATTERN,
  LIMITS,
  type AttachmentId,
  type MessageId,
  type RoomEventName,
  type RoomId,
  type UserId,
} from '@parley/protocol';
import type { MessageBatch } from './append/append.service.ts';
import { isEmoji } from './reactions/emoji.ts';

type Api = MessageApi & AttachmentApi;
type Request<Name extends keyof Api> = Parameters<Api[Name]>[0];

/** Of rooms and positions asked for at once, of batches and of messages in a batch. */
const LIST_AT_MOST = 10_000;
const ENTRY_ID_LENGTH = 200;
const USER_ID_LENGTH = 64;
const CURSOR_LENGTH = 200;

const EVENT_NAME = /^[a-z0-9_]{1,64}$/;
const UNKNOWN_DATA_BYTES = 64 * 1024;
/** Entries that only appendMessages and the changes of messages write. */
const MESSAGE_EVENTS: ReadonlySet<string> = new Set<RoomEventName>([
  'message_created',
  'message_updated',
  'message_deleted',
  'reaction_changed',
]);

/** Each throws ParleyError `invalid` with what is wrong, except for a message alone, in whose place the error stands. */
export function appendMessages(request: unknown): MessageBatch[] {
  return listOf(fields(request).batches, 'batches', (batch) => {
    const { roomId, messages } = fields(batch);
    return { roomId: idOf<RoomId>(roomId, 'roomId'), messages: listOf(messages, 'messages', messageOrRefusal) };
  });
}

export function appendMemberships(request: unknown): Request<'appendMemberships'> {
  const { roomId, entries } = fields(request);
  return { roomId: idOf<RoomId>(roomId, 'roomId'), entries: listOf(entries, 'entries', roomChange) };
}

export function updateMessage(request: unknown): Request<'updateMessage'> {
  const { text, mentions } = fields(request);
  // Whether it may be empty depends on the message.
  const own = { ...memberOf(request), messageId: messageIdIn(request), text: messageText(text, true) };
  return mentions === undefined ? own : { ...own, mentions: mentionsOf(mentions) };
}

export function deleteMessage(request: unknown): Request<'deleteMessage'> {
  return { ...memberOf(request), messageId: messageIdIn(request) };
}

export function setReaction(request: unknown): Request<'setReaction'> {
  const { emoji, on } = fields(request);
  if (!isEmoji(emoji)) throw invalid('emoji must be one emoji.');
  if (typeof on !== 'boolean') throw invalid('on must be true or false.');
  return { ...memberOf(request), messageId: messageIdIn(request), emoji, on };
}

export function getMessages(request: unknown): Request<'getMessages'> {
  const { before, after, around, limit } = fields(request);
  if ([before, after, around].filter((place) => place !== undefined).length > 1) {
    throw invalid('before, after and around exclude each other.');
  }
  return {
    ...memberOf(request),
    ...(before === undefined ? {} : { before: integer(before, 'before', 0) }),
    ...(after === undefined ? {} : { after: integer(after, 'after', 0) }),
    ...(around === undefined ? {} : { around: integer(around, 'around', 0) }),
    limit: integer(limit, 'limit', 1, LIMITS.messagesPerPage),
  };
}

export function findMessages(request: unknown): Request<'findMessages'> {
  const messageIds = listOf(fields(request).messageIds, 'messageIds', (id) => idOf<MessageId>(id, 'messageIds'));
  const { messagesPerFind } = LIMITS;
  if (messageIds.length > messagesPerFind) {
    throw new ParleyError('too_large', `At most ${messagesPerFind} messages can be asked for at once.`);
  }
  return { ...memberOf(request), messageIds: [...new Set(messageIds)] };
}

export function searchMessages(request: unknown): Request<'searchMessages'> {
  const { userId, query, roomId, author, limit, before } = fields(request);
  return {
    userId: userIdOf(userId),
    query: string(query, 'query', LIMITS.searchQueryLength),
    ...(roomId === undefined ? {} : { roomId: idOf<RoomId>(roomId, 'roomId') }),
    ...(author === undefined ? {} : { author: userIdOf(author) }),
    limit: integer(limit, 'limit', 1, LIMITS.messagesPerSearch),
    ...(before === undefined ? {} : { before: string(before, 'before', CURSOR_LENGTH) }),
  };
}

/** Of countMentions and clearMentions. */
export function mentionPositions(request: unknown): Request<'countMentions' | 'clearMentions'> {
  return {
    positions: listOf(fields(request).positions, 'positions', (position) => ({
      ...memberOf(position),
      seq: integer(fields(position).seq, 'seq', 0),
    })),
  };
}

function memberOf(request: unknown): { userId: UserId; roomId: RoomId } {
  const { userId, roomId } = fields(request);
  return { userId: userIdOf(userId), roomId: idOf<RoomId>(roomId, 'roomId') };
}

const messageIdIn = (request: unknown): MessageId => idOf<MessageId>(fields(request).messageId, 'messageId');

export function getEvents(request: unknown): Request<'getEvents'> {
  return { userId: userIdOf(fields(request).userId), ...getMissedEvents(request) };
}

export function getMissedEvents(request: unknown): Request<'getMissedEvents'> {
  const { roomId, after, limit } = fields(request);
  return {
    roomId: idOf<RoomId>(roomId, 'roomId'),
    after: integer(after, 'after', 0),
    limit: integer(limit, 'limit', 1, LIMITS.eventsPerPage),
  };
}

export function getHeads(request: unknown): RoomId[] {
  return listOf(fields(request).roomIds, 'roomIds', (roomId) => idOf<RoomId>(roomId, 'roomIds'));
}

export function getPlaces(request: unknown): { roomId: RoomId; seq: number }[] {
  return listOf(fields(request).positions, 'positions', (position) => {
    const { roomId, seq } = fields(position);
    return { roomId: idOf<RoomId>(roomId, 'roomId'), seq: integer(seq, 'seq', 0) };
  });
}

export function getLastMessages(request: unknown): { roomId: RoomId; messageSeq: number }[] {
  return listOf(fields(request).positions, 'positions', (position) => {
    const { roomId, messageSeq } = fields(position);
    return { roomId: idOf<RoomId>(roomId, 'roomId'), messageSeq: integer(messageSeq, 'messageSeq', 0) };
  });
}

export function createAttachment(request: unknown): Request<'createAttachment'> {
  const { userId, content } = fields(request);
  if (!(content instanceof Uint8Array)) throw invalid('content must be the bytes of an image.');
  return { userId: userIdOf(userId), content };
}

export function readAttachment(request: unknown): Request<'readAttachment'> {
  const { userId, attachmentId, variant, range } = fields(request);
  if (variant !== 'image' && variant !== 'thumbnail') throw invalid('variant must be image or thumbnail.');
  return {
    userId: userIdOf(userId),
    attachmentId: idOf<AttachmentId>(attachmentId, 'attachmentId'),
    variant,
    ...(range === undefined ? {} : { range: byteRange(range) }),
  };
}

function byteRange(range: unknown): ByteRange {
  const { start, end } = fields(range);
  return { start: integer(start, 'start', 0), end: integer(end, 'end', 0) };
}

function messageOrRefusal(message: unknown): NewMessage | ParleyError {
  try {
    return newMessage(message);
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
}

function newMessage(message: unknown): NewMessage {
  const { userId, messageId, text, attachmentIds, replyTo, mentions } = fields(message);
  const attachments = listOf(attachmentIds, 'attachmentIds', (id) => idOf<AttachmentId>(id, 'attachmentIds'));
  const { attachmentsPerMessage } = LIMITS;
  if (attachments.length > attachmentsPerMessage) {
    throw new ParleyError('too_large', `A message can have at most ${attachmentsPerMessage} attachments.`);
  }
  if (new Set(attachments).size < attachments.length) throw invalid('attachmentIds must not name one twice.');
  return {
    userId: userIdOf(userId),
    messageId: idOf<MessageId>(messageId, 'messageId'),
    text: messageText(text, attachments.length > 0),
    attachmentIds: attachments,
    ...(replyTo === undefined ? {} : { replyTo: idOf<MessageId>(replyTo, 'replyTo') }),
    ...(mentions === undefined ? {} : { mentions: mentionsOf(mentions) }),
  };
}

/** Each person once. */
function mentionsOf(value: unknown): UserId[] {
  const mentions = [...new Set(listOf(value, 'mentions', userIdOf))];
  const { mentionsPerMessage } = LIMITS;
  if (mentions.length > mentionsPerMessage) {
    throw new ParleyError('too_large', `A message can call at most ${mentionsPerMessage} people by name.`);
  }
  return mentions;
}

function messageText(text: unknown, mayBeEmpty: boolean): string {
  const { textLength } = LIMITS;
  if (typeof text !== 'string') throw invalid('text must be a string.');
  if (text.length > textLength) throw invalid(`text must have at most ${textLength} characters.`);
  if (!mayBeEmpty && text.trim() === '') throw invalid('text must not be empty.');
  // Half of a surrogate pair cannot be stored as UTF-8: it would come back as another text.
  if (/\p{Surrogate}/u.test(text)) throw invalid('text must be well-formed Unicode.');
  return text;
}

/** A room service of the release before sends no data. */
function roomChange(entry: unknown): RoomChangeEntry {
  const { entryId, event, userId, data = {} } = fields(entry);
  const change = { entryId: string(entryId, 'entryId', ENTRY_ID_LENGTH), userId: userIdOf(userId) };
  switch (event) {
    case 'member_joined':
      return { ...change, event, data: {} };
    case 'member_left': {
      const { removedBy, newOwnerId } = fields(data);
      return {
        ...change,
        event,
        data: {
          ...(removedBy === undefined ? {} : { removedBy: userIdOf(removedBy) }),
          ...(newOwnerId === undefined ? {} : { newOwnerId: userIdOf(newOwnerId) }),
        },
      };
    }
    case 'room_renamed': {
      const { name } = fields(data);
      return { ...change, event, data: { name: name === null ? null : string(name, 'name', LIMITS.roomNameLength) } };
    }
    default:
      return { ...change, ...unknownChange(event, data) } as unknown as RoomChangeEntry;
  }
}

/** A change of a kind that a later release added: passed on as it came. The log decides what it counts for. */
function unknownChange(event: unknown, data: unknown): { event: string; data: object } {
  if (typeof event !== 'string' || !EVENT_NAME.test(event)) throw invalid('event must be the name of an event.');
  if (MESSAGE_EVENTS.has(event)) throw invalid(`${event} is not a change of a room.`);
  const unknown = fields(data);
  if (Buffer.byteLength(JSON.stringify(unknown)) > UNKNOWN_DATA_BYTES) {
    throw invalid(`data of an unknown event must have at most ${UNKNOWN_DATA_BYTES} bytes as JSON.`);
  }
  return { event, data: unknown };
}

const invalid = (message: string): ParleyError => new ParleyError('invalid', message);

function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('An object is expected.');
  return { ...value };
}

function listOf<Item>(value: unknown, name: string, parse: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw invalid(`${name} must be a list.`);
  if (value.length > LIST_AT_MOST) throw invalid(`${name} must have at most ${LIST_AT_MOST} items.`);
  return value.map(parse);
}

function string(value: unknown, name: string, maxLength: number): string {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) {
    throw invalid(`${name} must be a string of 1 to ${maxLength} characters.`);
  }
  return value;
}

const userIdOf = (value: unknown): UserId => string(value, 'userId', USER_ID_LENGTH) as UserId;

function idOf<Id extends string>(value: unknown, name: string): Id {
  if (typeof value !== 'string' || !ID_PATTERN.test(value)) {
    throw invalid(`${name} must be 16 to 64 letters, digits or hyphens.`);
  }
  return value as Id;
}

function integer(value: unknown, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    throw invalid(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return value;
}
