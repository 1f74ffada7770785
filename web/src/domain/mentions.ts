import type { Message, User, UserId } from '@parley/protocol';

/** Whether the message mentions the user; authors do not mention themselves. */
export const isMentioned = ({ userId, mentions }: Message, self: UserId): boolean =>
  userId !== self && mentions?.includes(self) === true;

/** The text between an `@` and the caret: the beginning of a name. */
export interface MentionQuery {
  /** The index of the `@`. */
  readonly start: number;
  readonly query: string;
}

/** The most words of a name that is still being typed. */
const WORDS = 3;

/** The mention that is being typed at the caret, if any. An `@` inside a word, as in an e-mail address, is none. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const before = text.slice(0, caret);
  const start = before.lastIndexOf('@');
  if (start < 0 || (start > 0 && !/[\s(\[{"'“‘]/.test(before.charAt(start - 1)))) return null;
  const query = before.slice(start + 1);
  if (/^\s|\n|\s\s/.test(query) || query.split(' ').length > WORDS) return null;
  return { start, query };
}

/** Users whose name, or a word of it, begins with the query; full-name matches first. */
export function matchingUsers<P extends User>(users: readonly P[], query: string): readonly P[] {
  const wanted = fold(query);
  const begins = users.filter(({ displayName }) => fold(displayName).startsWith(wanted));
  const within = users.filter((user) => !begins.includes(user) && fold(user.displayName).includes(` ${wanted}`));
  return [...begins, ...within];
}

/** The text with the typed part replaced by the whole name, and the caret after it. */
export function withMention(text: string, { start, query }: MentionQuery, name: string) {
  const before = `${text.slice(0, start)}@${name} `;
  const rest = text.slice(start + 1 + query.length);
  return { text: before + rest.replace(/^ /, ''), caret: before.length };
}

/** The users whose whole name follows an `@` in the text. */
export function mentionedIn(text: string, users: Iterable<User>): readonly UserId[] {
  if (!text.includes('@')) return [];
  const mentioned = new Set<UserId>();
  for (const { userId, displayName } of users) if (mentions(text, displayName)) mentioned.add(userId);
  return [...mentioned];
}

function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(`@${name}`); at >= 0; at = text.indexOf(`@${name}`, at + 1)) {
    const after = text.slice(at + name.length + 1);
    if (!/^[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
