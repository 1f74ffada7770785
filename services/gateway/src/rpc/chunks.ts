import { MAX_PER_CALL } from '@parley/contracts';

/** Splits a list into consecutive chunks of at most `size` items. */
export function chunks<Item>(items: readonly Item[], size: number = MAX_PER_CALL): Item[][] {
  const result: Item[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
