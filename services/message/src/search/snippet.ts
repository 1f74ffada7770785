import { LIMITS } from '@parley/protocol';

/** UTF-16 units of a snippet before the hit. */
const BEFORE = 60;

/** 200 UTF-16 units of the text around a place in it, cut between characters. */
export function cutAround(text: string, place: number): { text: string; truncated?: true } {
  const length = LIMITS.lastMessageTextLength;
  if (text.length <= length) return { text };
  const start = Math.max(0, Math.min(place - BEFORE, text.length - length));
  const cut = text.slice(start, start + length);
  return { text: cut.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, ''), truncated: true };
}
