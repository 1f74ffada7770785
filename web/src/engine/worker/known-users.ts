import type { OwnUser, User, UserId } from '@parley/protocol';
import type { Publish } from './engine-events.ts';

/** All users whose names are known, the current user among them. */
export class KnownUsers {
  readonly #knownUsers = new Map<UserId, User>();
  readonly #publish: Publish;
  #self: OwnUser | null = null;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** The current user as the server last sent it; before the first connection, as the first tab did. */
  get self(): OwnUser | null {
    return this.#self;
  }

  all(): readonly User[] {
    return [...this.#knownUsers.values()];
  }

  /** Those of them whose name is known. */
  named(userIds: Iterable<UserId>): readonly User[] {
    return [...new Set(userIds)].flatMap((userId) => this.#knownUsers.get(userId) ?? []);
  }

  add(users: readonly User[]): void {
    const changed = users.filter(
      ({ userId, displayName }) => this.#knownUsers.get(userId)?.displayName !== displayName,
    );
    if (changed.length === 0) return;
    for (const user of changed) this.#knownUsers.set(user.userId, user);
    this.#publish({ kind: 'users', users: changed });
  }

  setSelf(self: OwnUser): void {
    this.#self = self;
    this.add([{ userId: self.userId, displayName: self.displayName }]);
  }
}
