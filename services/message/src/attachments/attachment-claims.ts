import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type NewMessage } from '@parley/contracts';
import type { Attachment, AttachmentId, MessageId, RoomId } from '@parley/protocol';
import { isMessage } from '../log/entry.ts';
import { LOG_REPOSITORY, type LogRepository } from '../log/log.repository.ts';
import { idTaken, notMember } from '../log/append-errors.ts';
import { wasSentAs } from '../log/retry.ts';
import { MEMBERS_READER, type MembersReader } from '../members/members.reader.ts';
import { isSameClaim, toAttachment, type AttachmentRecord } from './attachment.ts';
import { ATTACHMENT_REPOSITORY, type AttachmentRepository } from './attachment.repository.ts';

/** The attachments of a message, in the order it names them, or why it cannot have them. */
export type Claimed = readonly Attachment[] | ParleyError;

/**
 * Gives attachments to messages, before these go into the log: so no message stands there whose images can still be
 * collected. A claim is its message's for good. One whose message never came is collected like an upload without one.
 */
@Injectable()
export class AttachmentClaims {
  readonly #repository: AttachmentRepository;
  readonly #log: Pick<LogRepository, 'findByEntryIds'>;
  readonly #members: MembersReader;

  constructor(
    @Inject(ATTACHMENT_REPOSITORY) repository: AttachmentRepository,
    @Inject(LOG_REPOSITORY) log: Pick<LogRepository, 'findByEntryIds'>,
    @Inject(MEMBERS_READER) members: MembersReader,
  ) {
    this.#repository = repository;
    this.#log = log;
    this.#members = members;
  }

  /** By messageId. Each message has attachmentIds. */
  async claim(roomId: RoomId, messages: readonly NewMessage[]): Promise<ReadonlyMap<MessageId, Claimed>> {
    const claimed = new Map<MessageId, Claimed>();
    const authors = [...new Set(messages.map(({ userId }) => userId))];
    const members = await this.#members.findMembers(roomId, authors);
    for (const message of messages) {
      const claim = members.has(message.userId) ? await this.#claimFor(roomId, message) : notMember();
      const outcome = claim instanceof ParleyError ? await this.#orStored(roomId, message, claim) : claim;
      claimed.set(message.messageId, outcome);
    }
    return claimed;
  }

  async #claimFor(roomId: RoomId, { userId, messageId, attachmentIds }: NewMessage): Promise<Claimed> {
    const claim = { roomId, messageId };
    await this.#repository.claim(attachmentIds, userId, claim, Date.now());
    const found = new Map((await this.#repository.find(attachmentIds)).map((record) => [record.attachmentId, record]));
    const own: AttachmentRecord[] = [];
    for (const attachmentId of attachmentIds) {
      const record = found.get(attachmentId);
      // Somebody else's is not there, for whoever asks.
      if (record?.userId !== userId || record.state === 'collecting') return gone();
      if (record.claim === null || !isSameClaim(record.claim, claim)) return takenByAnother();
      own.push(record);
    }
    return own.map(toAttachment);
  }

  /** A message that is stored already has what it has, whatever would be said to it today. */
  async #orStored(roomId: RoomId, message: NewMessage, refusal: ParleyError): Promise<Claimed> {
    const [entry] = await this.#log.findByEntryIds(roomId, [message.messageId]);
    if (entry === undefined) return refusal;
    const again = isMessage(entry) && entry.userId === message.userId && wasSentAs(message, entry.data);
    return again ? message.attachmentIds.map(attachmentNamed) : idTaken();
  }
}

/** Of a message that is stored already its id is all that is compared; a deleted one's image may be gone. */
const attachmentNamed = (attachmentId: AttachmentId): Attachment => ({
  ...{ attachmentId, contentType: '', size: 0, width: 0, height: 0 },
});

const gone = (): ParleyError => new ParleyError('not_found', 'An image is not there any more: upload it again.');

const takenByAnother = (): ParleyError =>
  new ParleyError('conflict', 'An image is part of another message: upload it again for this one.');
