import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

const of = (...values: number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

test('without values every percentile is 0', () => {
  expect(new Histogram().percentile(0.5)).toBe(0);
});

test('small values are exact, and large ones within 1.6 %', () => {
  for (const value of [0, 1, 63, 64, 65, 127, 128, 1_000, 123_456, 9_999_999, 3_600_000_000]) {
    expect(Math.abs(of(value).percentile(1) - value)).toBeLessThanOrEqual(value * 0.016);
  }
});

test('percentiles are those of the sorted values', () => {
  const histogram = of(...Array.from({ length: 60 }, (_, index) => index + 1));
  expect(histogram.percentile(0)).toBe(1);
  expect(histogram.percentile(0.5)).toBe(30);
  expect(histogram.percentile(0.99)).toBe(60);
});

test('what never happened counts as nothing, and a clock that went back as 0', () => {
  expect(of(-5).percentile(1)).toBe(0);
});

test('two are added, also from another process', () => {
  const sum = of(1, 2);
  sum.add(new Histogram(of(50, 60).toCounts()));
  expect([sum.total, sum.percentile(0.5), sum.percentile(1)]).toEqual([4, 2, 60]);
});
