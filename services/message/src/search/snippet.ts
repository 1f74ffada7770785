import { LIMITS } from '@parley/protocol';

/** How much of a snippet stands before what was found. */
const BEFORE = 60;

/** The text around a place in it, cut at 200 units but never within a character. */
export function cutAround(text: string, place: number): { text: string; truncated?: true } {
  const length = LIMITS.lastMessageTextLength;
  if (text.length <= length) return { text };
  const start = Math.max(0, Math.min(place - BEFORE, text.length - length));
  const cut = text.slice(start, start + length);
  return { text: cut.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, ''), truncated: true };
}
