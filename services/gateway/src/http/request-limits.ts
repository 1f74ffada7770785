import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { RedisClient } from '@parley/bus';
import { ParleyError } from '@parley/contracts';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { UserId } from '@parley/protocol';
import { GATEWAY_CONFIG, REDIS, type GatewayConfig } from '../gateway-config.ts';
import { networkOf } from './address.ts';

const FAILED_LOGINS_PER_ADDRESS = 60;

/** Rate limits of log-ins, sign-ups and uploads. Counted in Redis, so that several gateways share them. */
@Injectable()
export class RequestLimits {
  readonly #logins: readonly RateLimiterAbstract[];
  readonly #signups: RateLimiterAbstract | undefined;
  readonly #uploads: RateLimiterAbstract | undefined;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig, @Inject(REDIS) redis: RedisClient | undefined) {
    const { limitLoginsPerMinute: loginsPerMinute, limitSignupsPerHour: signupsPerHour } = config;
    this.#logins =
      loginsPerMinute === 0
        ? []
        : [
            createLimiter(redis, 'login-account', loginsPerMinute, 60),
            createLimiter(redis, 'login-address', FAILED_LOGINS_PER_ADDRESS, 60),
          ];
    this.#signups = signupsPerHour === 0 ? undefined : createLimiter(redis, 'signup', signupsPerHour, 3_600);
    const { limitUploadsPerMinute: uploadsPerMinute } = config;
    this.#uploads = uploadsPerMinute === 0 ? undefined : createLimiter(redis, 'upload', uploadsPerMinute, 60);
  }

  /** Counts a sign-up. Rejects with `rate_limited`. */
  async countSignup(address: string): Promise<void> {
    if (this.#signups !== undefined) await consume(this.#signups, networkOf(address));
  }

  /** Counts an upload. Rejects with `rate_limited`. */
  async countUpload(userId: UserId): Promise<void> {
    if (this.#uploads !== undefined) await consume(this.#uploads, userId);
  }

  /**
   * Counts a log-in as failed before it is tried, so that many at once do not slip through, and gives it back when it
   * was not the password that failed. Rejects with `rate_limited`, or with what `tryLogin` rejects with.
   */
  async countFailedLogin<Result>(address: string, email: string, tryLogin: () => Promise<Result>): Promise<Result> {
    const network = networkOf(address);
    const account = createHash('sha256')
      .update(`${network} ${normalise(email)}`)
      .digest('base64url');
    const counted = this.#logins.map((limiter, index) => ({ limiter, key: index === 0 ? account : network }));
    for (const { limiter, key } of counted) await consume(limiter, key);
    const refund = (): Promise<unknown> => Promise.allSettled(counted.map(({ limiter, key }) => limiter.reward(key)));
    try {
      const result = await tryLogin();
      await refund();
      return result;
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'unauthenticated')) await refund();
      throw error;
    }
  }
}

const normalise = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** While Redis is unavailable each gateway counts by itself. */
function createLimiter(
  redis: RedisClient | undefined,
  name: string,
  points: number,
  duration: number,
): RateLimiterAbstract {
  const options = { keyPrefix: `parley:limit:${name}`, points, duration };
  const memory = new RateLimiterMemory(options);
  if (redis === undefined) return memory;
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory });
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new ParleyError('rate_limited', 'Too many tries. Wait a moment.', { retryAfterMs: refusal.msBeforeNext });
  }
}
