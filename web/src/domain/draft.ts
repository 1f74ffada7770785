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
 * Merges the text of a tab with a draft that other tabs may have changed meanwhile. No text is dropped: what two tabs
 * wrote at once is kept, one below the other.
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

/** The room's draft after a message was sent from it: empty, unless another tab has added text. */
export function draftAfterSending(current: string, sent: string): string {
  return sent.startsWith(current.trim()) ? '' : current;
}

/** The caret's place in a text that another tab has changed: between the same words as before. */
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
