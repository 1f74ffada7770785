/** The APIs between Parley's services, and their messages on the bus. */
export * from './errors.ts';
export * from './limits.ts';
export * from './room-api.ts';
export * from './message-api.ts';
export * from './attachment-api.ts';
export * from './broadcasts.ts';
export * from './stored.ts';
