import { MAX_UNKNOWN_DATA_BYTES, ParleyError, type NewMessage, type RoomChangeEntry } from '@parley/contracts';
import {
  MemberLeftInput,
  MESSAGE_REQUESTS,
  NewMessageInput,
  parseInput,
  RoomRenamedInput,
} from '@parley/contracts/validation';
import type { RoomEventName, RoomId } from '@parley/protocol';
import type { MessageBatch } from './append/append.service.ts';

// What the rules of MESSAGE_REQUESTS cannot express: parts of a request whose rules depend on the rest of it.

/** Throws ParleyError `invalid`, except for a bad message: its error takes its place in the batch. */
export function parseBatches(request: unknown): MessageBatch[] {
  const { batches } = parseInput(MESSAGE_REQUESTS.appendMessages, request);
  return batches.map(({ roomId, messages }) => ({ roomId, messages: messages.map(messageOrError) }));
}

function messageOrError(message: unknown): NewMessage | ParleyError {
  try {
    return withDistinctMentions(parseInput(NewMessageInput, message));
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
}

/** Each mentioned user once. */
export function withDistinctMentions<Input extends { readonly mentions?: readonly unknown[] }>(input: Input): Input {
  return input.mentions === undefined ? input : { ...input, mentions: [...new Set(input.mentions)] };
}

/** Throws ParleyError `invalid`. */
export function parseRoomChanges(request: unknown): { roomId: RoomId; entries: RoomChangeEntry[] } {
  const { roomId, entries } = parseInput(MESSAGE_REQUESTS.appendMemberships, request);
  return { roomId, entries: entries.map((entry) => ({ ...entry, data: parseChangeData(entry) as never })) };
}

function parseChangeData({ event, data = {} }: { readonly event: string; readonly data?: unknown }): object {
  switch (event) {
    case 'member_joined':
      return {};
    case 'member_left':
      return { ...parseInput(MemberLeftInput, data) };
    case 'room_renamed':
      return { ...parseInput(RoomRenamedInput, data) };
    default:
      return parseUnknownData(event, data);
  }
}

/** Entries that only appendMessages and the changes of messages write. */
const MESSAGE_EVENTS: ReadonlySet<string> = new Set<RoomEventName>([
  'message_created',
  'message_updated',
  'message_deleted',
  'reaction_changed',
]);

/** The data of an event that a later release added, as they came. */
function parseUnknownData(event: string, data: unknown): object {
  if (MESSAGE_EVENTS.has(event)) throw new ParleyError('invalid', `${event} is not a change of a room.`);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ParleyError('invalid', 'data must be an object.');
  }
  if (Buffer.byteLength(JSON.stringify(data)) > MAX_UNKNOWN_DATA_BYTES) {
    throw new ParleyError('invalid', `data of an unknown event must have at most ${MAX_UNKNOWN_DATA_BYTES} bytes.`);
  }
  return data;
}
