import { expect, test } from 'vitest';
import { DeliveryGapMeter } from './delivery-gap.ts';

test('reports the longest time between deliveries to one client since the measurement began', () => {
  let now = 0;
  const meter = new DeliveryGapMeter(() => now);
  meter.begin(['Ada', 'Bob']);
  now = 300;
  meter.delivered('Ada');
  now = 500;
  meter.delivered('Ada');
  expect(meter.longestMs).toBe(300);
  meter.delivered('Bob');
  expect(meter.longestMs).toBe(500);
  now = 9_000;
  meter.begin(['Ada', 'Bob']);
  now = 9_100;
  meter.delivered('Bob');
  expect(meter.longestMs).toBe(100);
});
