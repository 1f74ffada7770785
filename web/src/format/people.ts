import type { Room, User, UserId } from '@parley/protocol';
import { counted, formatLocale, t } from '../i18n/i18n.ts';
import { formatNumber } from './numbers.ts';

const HUES = [15, 45, 70, 100, 135, 160, 190, 220, 250, 280, 310, 345] as const;

/** One of twelve hues (degrees), always the same for the same id. */
export function hueOf(id: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 16_777_619);
  }
  // FNV mixes the last characters poorly, and consecutive ids differ only there.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  hash ^= hash >>> 16;
  return HUES[(hash >>> 0) % HUES.length] ?? HUES[0];
}

/** The first letters of the first and last word: `Ada Lovelace` → `AL`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return (firstLetter(first) + firstLetter(last)).toLocaleUpperCase();
}

function firstLetter(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return '';
}

/** A room's name, or its other members: `Ada, Grace, +3`. */
export function roomTitle(room: Room, ownId: UserId): string {
  if (room.name !== null) return room.name;
  const others = room.members.filter((member) => member.userId !== ownId);
  if (others.length === 0) return room.memberCount > 1 ? counted('person.people', room.memberCount) : t('person.alone');
  const shown = others.slice(0, 3).map((member) => member.displayName);
  // The listed members of a larger room may not include the current user, so the count is taken from `memberCount`.
  const hidden = room.memberCount - 1 - shown.length;
  const list = new Intl.ListFormat(formatLocale.value, { style: 'short', type: 'unit' });
  return list.format(hidden > 0 ? [...shown, `+${formatNumber(hidden)}`] : shown);
}

/** The other member of a room of two. */
export function otherIn(room: Room, ownId: UserId): User | undefined {
  return room.memberCount === 2 ? room.members.find(({ userId }) => userId !== ownId) : undefined;
}

/** `Ada`, `Ada and Grace`, `Ada, Grace and 3 others`. */
export function namesOf(names: readonly string[]): string {
  const rest = names.length - 2;
  return listOf(rest > 0 ? [...names.slice(0, 2), counted('person.others', rest)] : names);
}

/** `one draft and 3 messages`: joined as in the current language. */
export function listOf(parts: readonly string[]): string {
  return new Intl.ListFormat(formatLocale.value).format(parts);
}
