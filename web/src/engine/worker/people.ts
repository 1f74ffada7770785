import type { OwnUser, User, UserId } from '@parley/protocol';
import type { Publish } from './hub.ts';

/** Everybody whose name has been told, oneself among them. */
export class People {
  readonly #people = new Map<UserId, User>();
  readonly #publish: Publish;
  #self: OwnUser | null = null;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Oneself as the server last said, or until then as the first tab did. */
  get self(): OwnUser | null {
    return this.#self;
  }

  all(): readonly User[] {
    return [...this.#people.values()];
  }

  /** Those of them whose name is known. */
  named(userIds: Iterable<UserId>): readonly User[] {
    return [...new Set(userIds)].flatMap((userId) => this.#people.get(userId) ?? []);
  }

  meet(users: readonly User[]): void {
    const news = users.filter(({ userId, displayName }) => this.#people.get(userId)?.displayName !== displayName);
    if (news.length === 0) return;
    for (const user of news) this.#people.set(user.userId, user);
    this.#publish({ kind: 'users', users: news });
  }

  meetSelf(self: OwnUser): void {
    this.#self = self;
    this.meet([{ userId: self.userId, displayName: self.displayName }]);
  }
}
