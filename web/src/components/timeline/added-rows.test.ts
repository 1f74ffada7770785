import { describe, expect, it } from 'vitest';
import { addedAtEnd } from './added-rows.ts';
import type { TimelineRow } from './rows.ts';

const row = (key: string, kind = 'message') => ({ key, kind }) as TimelineRow;
const keys = (now: readonly TimelineRow[], before: readonly TimelineRow[]) =>
  addedAtEnd(now, before).map(({ key }) => key);

describe('the messages added at the end', () => {
  it('are those after the last that was there, in order', () => {
    expect(keys([row('a'), row('b'), row('c')], [row('a')])).toEqual(['b', 'c']);
  });

  it('leave out what came above', () => {
    expect(keys([row('older'), row('a')], [row('a')])).toEqual([]);
  });

  it('leave out lines that are no messages', () => {
    expect(keys([row('a'), row('tuesday', 'day'), row('b')], [row('a')])).toEqual(['b']);
  });
});
