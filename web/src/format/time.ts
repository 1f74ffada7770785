/** Times for people, in the reader's own locale and time zone. All inputs are milliseconds since the epoch. */
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const shortDayWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const relativeDay = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** Which calendar day a time falls on, as a number that rises by one each day. */
export function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** `14:05` */
export function formatTime(at: number): string {
  return time.format(at);
}

/** `Wednesday, 3 March 2027 at 14:05`: for tooltips and screen readers. */
export function formatFull(at: number): string {
  return full.format(at);
}

/** `Today`, `Yesterday`, `Wednesday, 3 March`, `3 March 2025`: between the days of a timeline. */
export function formatDay(at: number, now: number): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0 || days === -1) return capitalise(relativeDay.format(days, 'day'));
  return sameYear(at, now) ? dayOfYear.format(at) : dayWithYear.format(at);
}

/** `14:05`, `Wed`, `3 Mar`, `3 Mar 25`: as short as a list has room for. */
export function formatListTime(at: number, now: number): string {
  const days = dayNumber(now) - dayNumber(at);
  if (days <= 0) return time.format(at);
  if (days < 7) return weekday.format(at);
  return sameYear(at, now) ? shortDay.format(at) : shortDayWithYear.format(at);
}

/** `Monday, 30 November`: until when something holds. */
export function formatDate(at: number): string {
  return dayOfYear.format(at);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
