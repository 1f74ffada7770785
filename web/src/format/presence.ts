import type { Presence } from '@parley/protocol';
import { t } from '../i18n/i18n.ts';
import { formatAgo } from './time.ts';

const MINUTE_MS = 60_000;

/** `Online`, `Away`, `Offline`, `Last seen 5 minutes ago`. */
export function presenceText({ status, lastSeenAt }: Presence, now: number): string {
  if (status !== 'offline') return t(`presence.${status}`);
  if (lastSeenAt === undefined) return t('presence.offline');
  if (now - lastSeenAt < MINUTE_MS) return t('presence.justSeen');
  return t('presence.lastSeen', { when: formatAgo(lastSeenAt, now) });
}
