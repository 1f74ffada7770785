/** What goes over the socket and over HTTP between a client and Parley, version 1. docs/protocol.md says it in prose. */
export * from './ids.ts';
export * from './limits.ts';
export * from './model.ts';
export * from './actions.ts';
export * from './events.ts';
export * from './errors.ts';
export * from './close-codes.ts';
export * from './frames.ts';
export * from './http.ts';
export * from './words.ts';
