/** What one call between services may ask for. */
const MAX_ASKED = 1_000;

/** Consecutive pieces of at most `size` items. */
export function slices<Item>(items: readonly Item[], size: number = MAX_ASKED): Item[][] {
  const pieces: Item[][] = [];
  for (let start = 0; start < items.length; start += size) pieces.push(items.slice(start, start + size));
  return pieces;
}
