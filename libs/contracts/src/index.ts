/** What Parley's services ask of each other, and what they say on the bus. */
export * from './errors.ts';
export * from './limits.ts';
export * from './room-api.ts';
export * from './message-api.ts';
export * from './attachment-api.ts';
export * from './broadcasts.ts';
export * from './stored.ts';
