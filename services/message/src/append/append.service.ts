import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AttachmentClaims, type Claimed } from '../attachments/attachment-claims.ts';
import { type AppendResult, type NewMessage, ParleyError, type RoomChangeEntry } from '@parley/contracts';
import type { Message, MessageId, RoomId } from '@parley/protocol';
import { isMessage, type MessageChange, type NewMessageEntry, type NewUnknownEntry } from '../log/entry.ts';
import { SearchIndexer } from '../search/search-indexer.ts';
import { Lanes } from '../log/lanes.ts';
import { notStored } from '../log/append-errors.ts';
import type { AppendOutcome } from '../log/pending-entry.ts';
import { toMessage } from '../log/room-event.ts';

/** Messages for one room. A malformed message is replaced by its error. */
export interface MessageBatch {
  readonly roomId: RoomId;
  readonly messages: readonly (NewMessage | ParleyError)[];
}

/** Appends to the logs of rooms: claims the attachments of messages first, and notes the room for the search index. */
@Injectable()
export class AppendService implements BeforeApplicationShutdown {
  readonly #lanes: Lanes;
  readonly #claims: Pick<AttachmentClaims, 'claim'>;
  readonly #indexer: Pick<SearchIndexer, 'note'>;

  constructor(lanes: Lanes, claims: AttachmentClaims, indexer: SearchIndexer) {
    this.#lanes = lanes;
    this.#claims = claims;
    this.#indexer = indexer;
  }

  /** Results in the order of the batches and their messages. A message that is sent repeatedly is stored once. */
  appendMessages(batches: readonly MessageBatch[]): Promise<AppendResult[][]> {
    return Promise.all(batches.map((batch) => this.#appendBatch(batch)));
  }

  async #appendBatch({ roomId, messages }: MessageBatch): Promise<AppendResult[]> {
    const withAttachments = messages.flatMap((message) => (hasAttachments(message) ? [message] : []));
    // Most batches have none, and must not wait.
    if (withAttachments.length === 0)
      return this.#appendToLog(
        roomId,
        messages.map((message) => toNewEntry(message)),
      );
    const claimed = await this.#claim(roomId, withAttachments);
    return this.#appendToLog(
      roomId,
      messages.map((message) => toNewEntry(message, claimed)),
    );
  }

  /** The attachments of each message, or its error. When the database fails, every message gets that error. */
  async #claim(roomId: RoomId, messages: readonly NewMessage[]): Promise<ReadonlyMap<MessageId, Claimed>> {
    try {
      return await this.#claims.claim(roomId, messages);
    } catch (error) {
      return new Map(messages.map(({ messageId }) => [messageId, notStored(error)]));
    }
  }

  async #appendToLog(roomId: RoomId, messages: readonly (NewMessageEntry | ParleyError)[]): Promise<AppendResult[]> {
    const newEntries = messages.flatMap((message) => (message instanceof ParleyError ? [] : [message]));
    const outcomes = (await this.#lanes.append(roomId, newEntries)).values();
    this.#indexer.note(roomId);
    return messages.map((message) => {
      if (message instanceof ParleyError) return { error: message.toWire() };
      const { value } = outcomes.next();
      return value ? toResult(value) : { error: notStored().toWire() };
    });
  }

  /** The seq of each entry, in the given order. Rejects with the ParleyError of the first that is not stored. */
  async appendMemberships(roomId: RoomId, entries: readonly (RoomChangeEntry | NewUnknownEntry)[]) {
    const outcomes = await this.#lanes.append(roomId, entries);
    return outcomes.map((outcome) => {
      if ('error' in outcome) throw outcome.error;
      return { seq: outcome.entry.seq, count: outcome.entry.count };
    });
  }

  /** The message after the change. Rejects with a ParleyError. */
  async changeMessage(roomId: RoomId, newEntry: MessageChange): Promise<Message> {
    const [outcome = { error: notStored() }] = await this.#lanes.append(roomId, [newEntry]);
    this.#indexer.note(roomId);
    const result = toResult(outcome);
    if ('error' in result) throw ParleyError.fromWire(result.error);
    return result.message;
  }

  /** Every accepted entry is decided and acknowledged before the connections to the database are closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#lanes.close();
  }
}

const hasAttachments = (message: NewMessage | ParleyError): message is NewMessage =>
  !(message instanceof ParleyError) && message.attachmentIds.length > 0;

function toNewEntry(
  message: NewMessage | ParleyError,
  claimed: ReadonlyMap<MessageId, Claimed> = new Map(),
): NewMessageEntry | ParleyError {
  if (message instanceof ParleyError) return message;
  const { messageId, userId, text, replyTo, mentions = [] } = message;
  const attachments = claimed.get(messageId);
  if (attachments instanceof ParleyError) return attachments;
  const data = {
    text,
    ...(attachments === undefined ? {} : { attachments }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(mentions.length === 0 ? {} : { mentions }),
  };
  return { event: 'message_created', entryId: messageId, userId, data };
}

function toResult(outcome: AppendOutcome): AppendResult {
  if ('error' in outcome) return { error: outcome.error.toWire() };
  // isRetryOf has compared the events: an outcome for a message, or for a change of one, is a message.
  return isMessage(outcome.entry) ? { message: toMessage(outcome.entry) } : { error: notStored().toWire() };
}
