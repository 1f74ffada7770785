/** The wire between clients and Parley, version 1, over WebSocket and HTTP. docs/protocol.md describes it. */
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
