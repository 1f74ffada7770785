import { Inject, Injectable } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import { CLOCK, uuidv7, type Clock } from '@parley/platform';
import { LIMITS, type OwnUser, type User, type UserId } from '@parley/protocol';
import { ACCOUNT_REPOSITORY, type AccountRepository } from './account.repository.ts';
import { checkDisplayName, checkEmail, checkPassword, displayNameKey, normaliseEmail } from './account.rules.ts';
import { PasswordHasher } from './password-hasher.ts';

@Injectable()
export class AccountService {
  readonly #accounts: AccountRepository;
  readonly #passwords: PasswordHasher;
  readonly #clock: Clock;

  constructor(
    @Inject(ACCOUNT_REPOSITORY) accounts: AccountRepository,
    passwords: PasswordHasher,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#accounts = accounts;
    this.#passwords = passwords;
    this.#clock = clock;
  }

  /** `invalid`, or `conflict` when the address is in use. */
  async create(request: { email: string; password: string; displayName: string }): Promise<OwnUser> {
    const email = checkEmail(request.email);
    const displayName = checkDisplayName(request.displayName);
    checkPassword(request.password);
    // Only the insert decides; this spares the work of a hash.
    if (await this.#accounts.findByEmail(email)) throw addressInUse();

    const user: OwnUser = { userId: uuidv7() as UserId, displayName, email };
    const inserted = await this.#accounts.insert({
      ...user,
      displayNameKey: displayNameKey(displayName),
      passwordHash: await this.#passwords.hash(request.password),
      createdAt: this.#clock.now(),
    });
    if (!inserted) throw addressInUse();
    return user;
  }

  /** `unauthenticated`, alike and after the same work for an unknown address and a wrong password. */
  async authenticate(request: { email: string; password: string }): Promise<OwnUser> {
    const account = await this.#accounts.findByEmail(normaliseEmail(request.email));
    const matches = await this.#passwords.verify(request.password, account?.passwordHash ?? null);
    if (!account || !matches) throw new ParleyError('unauthenticated', 'The e-mail address or the password is wrong.');
    return { userId: account.userId, displayName: account.displayName, email: account.email };
  }

  /** In no order; people who do not exist are left out. */
  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]> {
    return this.#accounts.findOwn(userIds);
  }

  /** In the given order; people who do not exist are left out. */
  async findUsers(userIds: readonly UserId[]): Promise<User[]> {
    const users = new Map((await this.#accounts.findUsers(userIds)).map((user) => [user.userId, user]));
    return userIds.flatMap((userId) => users.get(userId) ?? []);
  }

  /** `not_found` unless all of these exist. */
  async requireUsers(userIds: readonly UserId[]): Promise<void> {
    const users = await this.#accounts.findUsers(userIds);
    if (users.length < userIds.length) {
      throw new ParleyError('not_found', 'Some of these people do not exist. Search for them again.');
    }
  }

  /** By the whole address first, then by prefix of the display name, in its order. */
  async search(userId: UserId, query: string): Promise<User[]> {
    const [owner, named] = await Promise.all([
      this.#accounts.findByEmail(normaliseEmail(query)),
      // One more, since the searcher may be among them.
      this.#accounts.findByNamePrefix(displayNameKey(query), LIMITS.usersPerSearch + 1),
    ]);
    const others = named.filter((user) => user.userId !== owner?.userId);
    const found = owner ? [{ userId: owner.userId, displayName: owner.displayName }, ...others] : others;
    return found.filter((user) => user.userId !== userId).slice(0, LIMITS.usersPerSearch);
  }

  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]> {
    return this.#accounts.findRoomsVersions(userIds);
  }
}

const addressInUse = (): ParleyError =>
  new ParleyError('conflict', 'An account with this e-mail address exists. Log in instead.');
