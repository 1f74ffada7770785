import { describe, expect, it } from 'vitest';
import { dayNumber, formatDay, formatListTime, formatTime } from './time.ts';

const at = (year: number, month: number, day: number, hour = 12) => new Date(year, month - 1, day, hour).getTime();
const now = at(2026, 11, 23);

describe('times', () => {
  it('count calendar days, also across a daylight saving change', () => {
    expect(dayNumber(at(2026, 3, 30, 0)) - dayNumber(at(2026, 3, 28, 23))).toBe(2);
  });

  it('name today and yesterday', () => {
    expect(formatDay(at(2026, 11, 23, 0), now)).toBe('Today');
    expect(formatDay(at(2026, 11, 22, 23), now)).toBe('Yesterday');
    expect(formatDay(at(2025, 11, 22), now)).toContain('2025');
  });

  it('are short in a list', () => {
    expect(formatListTime(at(2026, 11, 23, 9), now)).toBe(formatTime(at(2026, 11, 23, 9)));
    expect(formatListTime(at(2026, 11, 22), now)).toMatch(/^\p{L}+\.?$/u);
    expect(formatListTime(at(2026, 3, 2), now)).toMatch(/2/);
  });
});
