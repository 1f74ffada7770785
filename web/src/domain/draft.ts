import type { MessageId, RoomId } from '@parley/protocol';
import type { DraftAttachment } from './draft-attachments.ts';

/** The text, attachments and reply in a room's composer. */
export interface DraftView {
  readonly roomId: RoomId;
  readonly text: string;
  readonly images: readonly DraftAttachment[];
  /** The message that it replies to. */
  readonly replyTo: MessageId | null;
}

/**
 * What a draft becomes when a tab saves it that may not have seen what other tabs saved meanwhile. Words of neither
 * are dropped: what two tabs wrote at once stands one below the other.
 * @param base the draft that the tab's text grew from
 * @param current the draft as it is now
 * @param text the tab's text
 */
export function mergeDraft(base: string, current: string, text: string): string {
  if (current === base || current === text || current === '') return text;
  if (text === base) return current;
  if (base !== '' && current.endsWith(`\n${base}`)) return current.slice(0, -base.length) + text;
  if (base !== '' && current.startsWith(`${base}\n`)) return text + current.slice(base.length);
  return text === '' ? current : `${current}\n${text}`;
}

/** What remains of a room's draft when a message is sent from it: nothing, unless another tab has written on. */
export function draftAfterSending(current: string, sent: string): string {
  return sent.startsWith(current.trim()) ? '' : current;
}

/** Where the caret stands in a text that was changed by someone else: between the same words as before. */
export function caretAfter(before: string, after: string, caret: number): number {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix] === after[prefix]) prefix += 1;
  if (caret <= prefix) return caret;
  let suffix = 0;
  while (suffix < shorter - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix += 1;
  const fromEnd = before.length - caret;
  return fromEnd <= suffix ? after.length - fromEnd : Math.min(caret, after.length);
}
