import type { Config } from '@parley/platform';

/** The settings that a gateway works by, whichever process hosts it. */
export type GatewayConfig = Pick<
  Config<'gateway'> | Config<'standalone'>,
  | 'publicUrl'
  | 'trustedProxies'
  | 'origins'
  | 'webDir'
  | 'drainSeconds'
  | 'limitCommandsPerSecond'
  | 'limitCommandsBurst'
  | 'limitLoginsPerMinute'
  | 'limitSignupsPerHour'
  | 'limitConnectionsPerUser'
  | 'limitUploadsPerMinute'
>;

/** Injection token of the GatewayConfig. */
export const GATEWAY_CONFIG = Symbol('GatewayConfig');

/** Injection token of the RedisClient that gateways share; undefined where there is only one. */
export const REDIS = Symbol('Redis');
