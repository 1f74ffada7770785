/** Formats times in the user's language and time zone. All inputs are milliseconds since the epoch. */
import { formatLocale } from '../i18n/i18n.ts';

const FORMATS = {
  time: { hour: '2-digit', minute: '2-digit' },
  weekday: { weekday: 'short' },
  dayOfYear: { weekday: 'long', day: 'numeric', month: 'long' },
  dayWithYear: { day: 'numeric', month: 'long', year: 'numeric' },
  shortDay: { day: 'numeric', month: 'short' },
  shortDayWithYear: { day: 'numeric', month: 'short', year: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Cached: creating a formatter takes longer than formatting a screen of messages. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(name: keyof typeof FORMATS, at: number): string {
  const key = `${name} ${formatLocale.value}`;
  const known = formatters.get(key);
  if (known !== undefined) return known.format(at);
  const formatter = new Intl.DateTimeFormat(formatLocale.value, FORMATS[name]);
  formatters.set(key, formatter);
  return formatter.format(at);
}

/** The calendar day of a time, as a number that increases by one each day. */
export function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** `14:05` */
export function formatTime(at: number): string {
  return format('time', at);
}

/** `Wednesday, 3 March 2027 at 14:05`: for tooltips and screen readers. */
export function formatFull(at: number): string {
  return format('full', at);
}

/** `Today`, `Yesterday`, `Wednesday, 3 March`, `3 March 2025`: for the day rows of a timeline. */
export function formatDay(at: number, now: number): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0 || days === -1) {
    return capitalise(new Intl.RelativeTimeFormat(formatLocale.value, { numeric: 'auto' }).format(days, 'day'));
  }
  return sameYear(at, now) ? format('dayOfYear', at) : format('dayWithYear', at);
}

/** `14:05`, `Wed`, `3 Mar`, `3 Mar 25`: for lists. */
export function formatListTime(at: number, now: number): string {
  const days = dayNumber(now) - dayNumber(at);
  if (days <= 0) return format('time', at);
  if (days < 7) return format('weekday', at);
  return sameYear(at, now) ? format('shortDay', at) : format('shortDayWithYear', at);
}

/** `5 minutes ago`, `2 hours ago`, `yesterday`, `3 Mar`: for times at least a minute ago. */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  const relative = new Intl.RelativeTimeFormat(formatLocale.value, { numeric: 'auto' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), 'hour');
  const days = Math.floor(minutes / (24 * 60));
  return days < 7 ? relative.format(-days, 'day') : formatListTime(at, now);
}

/** `Monday, 30 November`: for expiry dates. */
export function formatDate(at: number): string {
  return format('dayOfYear', at);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
