import type { VirtualItem } from '@tanstack/vue-virtual';
import { describe, expect, it } from 'vitest';
import type { TimelineRow } from './rows.ts';
import { stickyDay } from './sticky-day.ts';

const rows = [
  { kind: 'day', key: 'd1', at: 1 },
  { kind: 'message', key: 'a', at: 1 },
  { kind: 'membership', key: 'b' },
  { kind: 'day', key: 'd2', at: 2 },
  { kind: 'message', key: 'c', at: 2 },
] as TimelineRow[];
/** Every row 40 px high, the first at 72. */
const drawn = rows.map(
  (row, index) => ({ index, key: row.key, start: 72 + 40 * index, end: 112 + 40 * index }) as VirtualItem,
);

describe('the day at the top of the view', () => {
  it('is not shown while the first row is below the top', () => {
    expect(stickyDay(rows, drawn, 0)).toBeNull();
  });

  it('is the day of the row that has scrolled past the top', () => {
    expect(stickyDay(rows, drawn, 120)).toEqual({ at: 1, shift: 0 });
  });

  it('is pushed up by the separator of the next day', () => {
    expect(stickyDay(rows, drawn, 180)).toEqual({ at: 1, shift: -28 });
  });

  it('changes when the next day’s separator has reached the top', () => {
    expect(stickyDay(rows, drawn, 192)).toEqual({ at: 2, shift: 0 });
  });
});
