import { createHash } from 'node:crypto';
import type { AttachmentId, MessageId, UserId } from '@parley/protocol';
import type { NewEntry, Entry, MessageContent } from './entry.ts';

/** What somebody sends as a message: two of them are the same use of a messageId when all of this is the same. */
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

/** Recognises what was sent without keeping it. */
export const contentDigest = (sent: SentContent): string =>
  createHash('sha256').update(canonical(sent)).digest('base64url');

/** Whether a message, as it is now, was sent like this at first. */
export function wasSentAs(sent: SentContent, stored: MessageContent): boolean {
  if (stored.original !== undefined) return contentDigest(sent) === stored.original;
  // Most often all there is is a text.
  return sent.text === stored.text && canonical(sent) === canonical(sentContentOf(stored));
}

const canonical = ({ text, attachmentIds, replyTo, mentions = [] }: SentContent): string =>
  JSON.stringify([text, attachmentIds, replyTo ?? null, mentions]);

/** The same message by the same person, or the same other entry: sent again, not another use of the entryId. */
export function isRetryOf(newEntry: NewEntry, entry: Entry): boolean {
  if (newEntry.userId !== entry.userId || newEntry.event !== entry.event) return false;
  if (newEntry.event !== 'message_created' || entry.event !== 'message_created') return true;
  return wasSentAs(sentContentOf(newEntry.data), entry.data);
}
