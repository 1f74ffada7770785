import { expect, test } from 'vitest';
import { fullBucket, takeToken, type Bucket } from './token-bucket.ts';

const rate = { perSecond: 20, burst: 3 };

function takeSeveral(bucket: Bucket, times: number, now: number): Bucket {
  return times === 0 ? bucket : takeSeveral(takeToken(bucket, rate, now).bucket, times - 1, now);
}

test('a burst passes at once, and the next token comes after its share of a second', () => {
  const empty = takeSeveral(fullBucket(rate, 0), 3, 0);
  expect(takeToken(empty, rate, 0).retryAfterMs).toBe(50);
  expect(takeToken(empty, rate, 20).retryAfterMs).toBe(30);
  expect(takeToken(empty, rate, 50).retryAfterMs).toBe(0);
});

test('a refused command costs nothing', () => {
  const empty = takeSeveral(fullBucket(rate, 0), 3, 0);
  expect(takeToken(empty, rate, 40).bucket).toEqual(empty);
});

test('a long rest fills the bucket to the burst and no further', () => {
  const rested = takeToken(takeSeveral(fullBucket(rate, 0), 3, 0), rate, 60_000).bucket;
  expect(rested.tokens).toBe(2);
});

test.each([
  { perSecond: 0, burst: 60 },
  { perSecond: 20, burst: 0 },
])('$perSecond a second and a burst of $burst is no limit', (none) => {
  expect(takeToken({ tokens: 0, at: 0 }, none, 0).retryAfterMs).toBe(0);
});
