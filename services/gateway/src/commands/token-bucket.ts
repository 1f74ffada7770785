/** No limit if either is 0. */
export interface BucketRate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Bucket {
  readonly tokens: number;
  /** When it held that many, in milliseconds. */
  readonly at: number;
}

export const fullBucket = (rate: BucketRate, now: number): Bucket => ({ tokens: rate.burst, at: now });

/** Takes one token: retryAfterMs is 0. If there is none, it is the time until the next, and the bucket is unchanged. */
export function takeToken(bucket: Bucket, rate: BucketRate, now: number): { bucket: Bucket; retryAfterMs: number } {
  if (rate.perSecond === 0 || rate.burst === 0) return { bucket, retryAfterMs: 0 };
  const tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) * rate.perSecond) / 1_000);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: now }, retryAfterMs: 0 };
  return { bucket, retryAfterMs: Math.ceil(((1 - tokens) * 1_000) / rate.perSecond) };
}

/** Injection token of the BucketRate of commands on one connection. */
export const COMMAND_RATE = Symbol('CommandRate');
