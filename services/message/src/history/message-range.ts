import type { Head, MessagesRequest } from '@parley/contracts';
import type { MessageEntry } from '../log/entry.ts';
import type { LogRepository } from '../log/log.repository.ts';

/** Messages around a seq. A page takes the nearest first, until it is full. */
export interface MessageRange {
  readonly nearestFirst: readonly MessageEntry[];
  /** Messages older than all of these exist. */
  readonly moreBefore: boolean;
  /** The seq before or from which the messages were read. */
  readonly place: number;
}

type Reads = Pick<LogRepository, 'readMessages' | 'readMessagesFrom'>;

/** At most `limit` messages up to the head. */
export function findRange(repository: Reads, request: MessagesRequest, head: Head): Promise<MessageRange> {
  const { after, around } = request;
  if (after !== undefined) return findAfter(repository, request, after + 1, head);
  return around === undefined ? findBefore(repository, request, head) : findAround(repository, request, around, head);
}

async function findBefore(repository: Reads, request: MessagesRequest, { messageSeq }: Head): Promise<MessageRange> {
  const { roomId, limit } = request;
  // Starts at the last message: thousands of joins may follow it.
  const before = Math.min(request.before ?? Infinity, messageSeq + 1);
  const found = await repository.readMessages(roomId, { before, limit: limit + 1 });
  return { nearestFirst: found.slice(0, limit), moreBefore: found.length > limit, place: before };
}

async function findAfter(
  repository: Reads,
  { roomId, limit }: MessagesRequest,
  from: number,
  { messageSeq: to }: Head,
): Promise<MessageRange> {
  const [nearestFirst, older] = await Promise.all([
    repository.readMessagesFrom(roomId, { from, to, limit }),
    repository.readMessages(roomId, { before: Math.min(from, to + 1), limit: 1 }),
  ]);
  return { nearestFirst, moreBefore: older.length > 0, place: from };
}

/** Half from either side, more where the other side has fewer. */
async function findAround(
  repository: Reads,
  { roomId, limit }: MessagesRequest,
  around: number,
  { messageSeq: to }: Head,
): Promise<MessageRange> {
  const [older, newer] = await Promise.all([
    repository.readMessages(roomId, { before: Math.min(around, to + 1), limit: limit + 1 }),
    repository.readMessagesFrom(roomId, { from: around, to, limit }),
  ]);
  const wanted = Math.max(limit - newer.length, Math.floor(limit / 2));
  const taken = older.slice(0, wanted);
  return {
    nearestFirst: alternate(newer.slice(0, limit - taken.length), taken),
    moreBefore: older.length > taken.length,
    place: around,
  };
}

function alternate<Item>(one: readonly Item[], other: readonly Item[]): Item[] {
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, index) => [
    ...one.slice(index, index + 1),
    ...other.slice(index, index + 1),
  ]).flat();
}
