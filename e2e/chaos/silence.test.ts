import { expect, test } from 'vitest';
import { SilenceMeter } from './silence.ts';

test('the longest silence is that of the client that waited longest, since the beginning', () => {
  let now = 0;
  const meter = new SilenceMeter(() => now);
  meter.begin(['Ada', 'Bob']);
  now = 300;
  meter.heard('Ada');
  now = 500;
  meter.heard('Ada');
  expect(meter.longestMs).toBe(300);
  meter.heard('Bob');
  expect(meter.longestMs).toBe(500);
  now = 9_000;
  meter.begin(['Ada', 'Bob']);
  now = 9_100;
  meter.heard('Bob');
  expect(meter.longestMs).toBe(100);
});
