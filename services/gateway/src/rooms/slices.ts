import { MAX_PER_CALL } from '@parley/contracts';

/** Consecutive pieces of at most `size` items. */
export function slices<Item>(items: readonly Item[], size: number = MAX_PER_CALL): Item[][] {
  const pieces: Item[][] = [];
  for (let start = 0; start < items.length; start += size) pieces.push(items.slice(start, start + size));
  return pieces;
}
