/** Real servers, a protocol client and a TCP proxy, for tests. */
export * from './accelerated-clock.ts';
export * from './describe-with.ts';
export * from './fake-clock.ts';
export * from './needs.ts';
export * from './protocol-client.ts';
export * from './servers/mongo.ts';
export * from './servers/redis.ts';
export * from './shared-mongo.ts';
export * from './sign-up.ts';
export * from './tcp-proxy.ts';
