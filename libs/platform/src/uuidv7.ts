import { randomUUID } from 'node:crypto';

/** Position of the version digit in the text of a UUID. */
const VERSION_AT = 14;

/** A UUID of version 7 (RFC 9562): the time in milliseconds, then 74 random bits. UUIDs sort by their times. */
export function uuidv7(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(VERSION_AT + 1)}`;
}
