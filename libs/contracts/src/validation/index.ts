/** The rules of requests between services, as classes with decorators. */
export * from './parse-input.ts';
