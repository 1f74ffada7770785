import type { Presence, UserId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { presenceText } from './presence.ts';

const now = Date.UTC(2027, 2, 15, 12);
const MINUTE = 60_000;
const of = (presence: Omit<Presence, 'userId'>): string => presenceText({ userId: 'ada' as UserId, ...presence }, now);

test.each([
  [{ status: 'online' }, 'Online'],
  [{ status: 'away' }, 'Away'],
  [{ status: 'offline' }, 'Offline'],
  [{ status: 'offline', lastSeenAt: now - MINUTE + 1 }, 'Last seen just now'],
  [{ status: 'offline', lastSeenAt: now - MINUTE }, 'Last seen 1 minute ago'],
  [{ status: 'offline', lastSeenAt: now - 59.9 * MINUTE }, 'Last seen 59 minutes ago'],
  [{ status: 'offline', lastSeenAt: now - 60 * MINUTE }, 'Last seen 1 hour ago'],
  [{ status: 'offline', lastSeenAt: now - 24 * 60 * MINUTE }, 'Last seen yesterday'],
  [{ status: 'offline', lastSeenAt: now - 6 * 24 * 60 * MINUTE }, 'Last seen 6 days ago'],
  [{ status: 'offline', lastSeenAt: now - 7 * 24 * 60 * MINUTE }, 'Last seen Mar 8'],
] as const)('%j is shown as “%s”', (presence, text) => {
  expect(of(presence)).toBe(text);
});
