/** Finding and starting the servers that Parley needs, for tests and for `npm run cluster`. Runs without a build. */
export * from './find-server.ts';
export * from './free-port.ts';
export * from './mongod.ts';
export * from './redis-server.ts';
export * from './server-process.ts';
