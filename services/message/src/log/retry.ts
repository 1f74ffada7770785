import { createHash } from 'node:crypto';
import type { AttachmentId, MessageId, UserId } from '@parley/protocol';
import type { NewEntry, Entry, MessageContent } from './entry.ts';

/** The content of a message as sent. A second message with the same messageId is a retry if all of it is equal. */
export interface SentContent {
  readonly text: string;
  readonly attachmentIds: readonly AttachmentId[];
  readonly replyTo?: MessageId | undefined;
  readonly mentions?: readonly UserId[] | undefined;
}

export const sentContentOf = ({ text, attachments = [], replyTo, mentions }: MessageContent): SentContent => ({
  text,
  attachmentIds: attachments.map(({ attachmentId }) => attachmentId),
  replyTo,
  mentions,
});

/** Identifies sent content without storing it. */
export const contentDigest = (sent: SentContent): string =>
  createHash('sha256').update(canonical(sent)).digest('base64url');

/** Whether a stored message, which may have changed since, was first sent with this content. */
export function wasSentAs(sent: SentContent, stored: MessageContent): boolean {
  if (stored.original !== undefined) return contentDigest(sent) === stored.original;
  // Most messages have only a text.
  return sent.text === stored.text && canonical(sent) === canonical(sentContentOf(stored));
}

const canonical = ({ text, attachmentIds, replyTo, mentions = [] }: SentContent): string =>
  JSON.stringify([text, attachmentIds, replyTo ?? null, mentions]);

/** Whether the new entry is the stored one sent again, not another use of its entryId. */
export function isRetryOf(newEntry: NewEntry, entry: Entry): boolean {
  if (newEntry.userId !== entry.userId || newEntry.event !== entry.event) return false;
  if (newEntry.event !== 'message_created' || entry.event !== 'message_created') return true;
  return wasSentAs(sentContentOf(newEntry.data), entry.data);
}
