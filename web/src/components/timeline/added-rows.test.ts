import { describe, expect, it } from 'vitest';
import { addedAtEnd } from './added-rows.ts';
import type { TimelineRow } from './rows.ts';

const row = (key: string, kind = 'message') => ({ key, kind }) as TimelineRow;
const keys = (now: readonly TimelineRow[], before: readonly TimelineRow[]) =>
  addedAtEnd(now, before).map(({ key }) => key);

describe('the messages added at the end', () => {
  it('are those after the last former row, in order', () => {
    expect(keys([row('a'), row('b'), row('c')], [row('a')])).toEqual(['b', 'c']);
  });

  it('exclude rows that were added above', () => {
    expect(keys([row('older'), row('a')], [row('a')])).toEqual([]);
  });

  it('exclude rows that are not messages', () => {
    expect(keys([row('a'), row('tuesday', 'day'), row('b')], [row('a')])).toEqual(['b']);
  });
});
