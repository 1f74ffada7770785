/** Lower case without accents, so that `Jose` finds `José`. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * How well a text matches what was typed: higher is better, null is no match. Its beginning counts for more than the
 * beginning of a word in it, that for more than the middle of one, and that for more than the letters in order.
 */
function fuzzyScore(query: string, text: string): number | null {
  const [wanted, within] = [fold(query.trim()), fold(text)];
  const share = wanted.length / Math.max(1, within.length);
  if (within.startsWith(wanted)) return 3 + share;
  const at = within.indexOf(wanted);
  if (at > 0) return (isWordStart(within, wanted) ? 2 : 1) + share;
  const span = spanOf(wanted, within);
  return span === null ? null : wanted.length / span;
}

/** The best match first; equal matches keep their order. */
export function fuzzyFind<Item>(query: string, items: readonly Item[], textOf: (item: Item) => string): Item[] {
  return items
    .flatMap((item) => {
      const score = fuzzyScore(query, textOf(item));
      return score === null ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function isWordStart(within: string, wanted: string): boolean {
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(within.charAt(at - 1))) return true;
  }
  return false;
}

/** How many letters must be read to find the wanted letters in order. */
function spanOf(wanted: string, within: string): number | null {
  let [from, at] = [-1, -1];
  for (const letter of wanted.replace(/\s/g, '')) {
    at = within.indexOf(letter, at + 1);
    if (at < 0) return null;
    if (from < 0) from = at;
  }
  return at - from + 1;
}
