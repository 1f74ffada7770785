import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { type AppendResult, type MembershipEntry, type NewMessage, ParleyError } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { isMessage, toMessage, type MembershipDraft, type MessageDraft } from './entry.ts';
import { Lanes } from './lanes.ts';
import { notStored } from './refusals.ts';
import type { Outcome } from './request.ts';

/** Messages for one room; in the place of a malformed one stands its refusal. */
export interface MessageBatch {
  readonly roomId: RoomId;
  readonly messages: readonly (NewMessage | ParleyError)[];
}

/** Writes the logs of rooms. */
@Injectable()
export class LogService implements BeforeApplicationShutdown {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  /** Results in the order of the batches and of their messages, each message stored once however often it is sent. */
  appendMessages(batches: readonly MessageBatch[]): Promise<AppendResult[][]> {
    return Promise.all(batches.map((batch) => this.#appendBatch(batch)));
  }

  async #appendBatch({ roomId, messages }: MessageBatch): Promise<AppendResult[]> {
    const drafts = messages.flatMap((message) => (message instanceof ParleyError ? [] : [toDraft(message)]));
    const outcomes = (await this.#lanes.append(roomId, drafts)).values();
    return messages.map((message) => {
      if (message instanceof ParleyError) return { error: message.toWire() };
      const { value } = outcomes.next();
      return value ? toResult(value) : { error: notStored().toWire() };
    });
  }

  /** Where each entry stands, in the given order. Rejects with the ParleyError of the first that is not stored. */
  async appendMemberships(roomId: RoomId, entries: readonly MembershipEntry[]) {
    const drafts = entries.map(({ entryId, event, userId }): MembershipDraft => ({ entryId, event, userId, data: {} }));
    const outcomes = await this.#lanes.append(roomId, drafts);
    return outcomes.map((outcome) => {
      if ('error' in outcome) throw outcome.error;
      return { seq: outcome.entry.seq, count: outcome.entry.count };
    });
  }

  /** Whatever was taken is decided and acknowledged before the connections to the database are closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#lanes.close();
  }
}

const toDraft = ({ messageId, userId, text }: NewMessage): MessageDraft => ({
  event: 'message_created',
  entryId: messageId,
  userId,
  data: { text },
});

function toResult(outcome: Outcome): AppendResult {
  if ('error' in outcome) return { error: outcome.error.toWire() };
  // isSameUse has compared the events: what was accepted for a message is a message.
  return isMessage(outcome.entry) ? { message: toMessage(outcome.entry) } : { error: notStored().toWire() };
}
