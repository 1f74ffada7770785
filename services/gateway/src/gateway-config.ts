import type { Config } from '@parley/platform';

/** The settings of a gateway, in its own process or in the standalone one. */
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

/** Injection token of the RedisClient; undefined in the standalone process. */
export const REDIS = Symbol('Redis');
