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

/** The attachments of a message in the order of its attachmentIds, or the error why it cannot have them. */
export type Claimed = readonly Attachment[] | ParleyError;

/**
 * Claims attachments for messages before these are appended to the log, so that no message in the log has an attachment
 * that can still be collected. A claim is permanent. If its message is never stored, the attachment is collected like one
 * without a claim.
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
      // Another user's attachment is reported like a missing one.
      if (record?.userId !== userId || record.state === 'collecting') return gone();
      if (record.claim === null || !isSameClaim(record.claim, claim)) return takenByAnother();
      own.push(record);
    }
    return own.map(toAttachment);
  }

  /** The error, unless the message is already stored: then its attachments for a retry, or a conflict. */
  async #orStored(roomId: RoomId, message: NewMessage, refusal: ParleyError): Promise<Claimed> {
    const [entry] = await this.#log.findByEntryIds(roomId, [message.messageId]);
    if (entry === undefined) return refusal;
    const again = isMessage(entry) && entry.userId === message.userId && wasSentAs(message, entry.data);
    return again ? message.attachmentIds.map(attachmentNamed) : idTaken();
  }
}

/** For a retry only the id is compared; the attachment itself may be deleted. */
const attachmentNamed = (attachmentId: AttachmentId): Attachment => ({
  ...{ attachmentId, contentType: '', size: 0, width: 0, height: 0 },
});

const gone = (): ParleyError => new ParleyError('not_found', 'An image no longer exists. Upload it again.');

const takenByAnother = (): ParleyError =>
  new ParleyError('conflict', 'An image belongs to another message. Upload it again for this one.');
