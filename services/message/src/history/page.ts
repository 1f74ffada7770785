import { LIMITS } from '@parley/protocol';

/** Bytes of the answer around the page: its id, head, brackets. */
const ENVELOPE_BYTES = 1_024;

/** The first items whose JSON fits into a page of 256 KiB, at least one. `partsOf`: what an item adds to the page. */
export function fitPage<Item>(items: readonly Item[], partsOf: (item: Item) => readonly object[]): Item[] {
  let bytes = ENVELOPE_BYTES;
  const end = items.findIndex((item, index) => {
    for (const part of partsOf(item)) bytes += Buffer.byteLength(JSON.stringify(part)) + 1;
    return index > 0 && bytes > LIMITS.pageBytes;
  });
  return end < 0 ? [...items] : items.slice(0, end);
}

/** The text of a message in a list, cut after 200 UTF-16 units, but never within a character. */
export function cutText(text: string): { text: string; truncated?: true } {
  if (text.length <= LIMITS.lastMessageTextLength) return { text };
  const cut = text.slice(0, LIMITS.lastMessageTextLength);
  return { text: /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut, truncated: true };
}
