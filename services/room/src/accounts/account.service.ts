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

  /** Throws `invalid`, or `conflict` when the address is in use. */
  async create(request: { email: string; password: string; displayName: string }): Promise<OwnUser> {
    const email = checkEmail(request.email);
    const displayName = checkDisplayName(request.displayName);
    checkPassword(request.password);
    // The insert decides; this check saves the cost of a hash.
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

  /** Throws `unauthenticated`. An unknown address and a wrong password differ neither in the error nor in the work done. */
  async authenticate(request: { email: string; password: string }): Promise<OwnUser> {
    const account = await this.#accounts.findByEmail(normaliseEmail(request.email));
    const matches = await this.#passwords.verify(request.password, account?.passwordHash ?? null);
    if (!account || !matches) throw new ParleyError('unauthenticated', 'The e-mail address or the password is wrong.');
    return { userId: account.userId, displayName: account.displayName, email: account.email };
  }

  /** Unordered; unknown users are omitted. */
  findOwn(userIds: readonly UserId[]): Promise<readonly OwnUser[]> {
    return this.#accounts.findOwn(userIds);
  }

  /** In the given order; unknown users are omitted. */
  async findUsers(userIds: readonly UserId[]): Promise<User[]> {
    const users = new Map((await this.#accounts.findUsers(userIds)).map((user) => [user.userId, user]));
    return userIds.flatMap((userId) => users.get(userId) ?? []);
  }

  /** Throws `not_found` unless all these users exist. */
  async requireUsers(userIds: readonly UserId[]): Promise<void> {
    const users = await this.#accounts.findUsers(userIds);
    if (users.length < userIds.length) {
      throw new ParleyError('not_found', 'Some of these users do not exist. Search for them again.');
    }
  }

  /** The user with exactly this address first, then users by prefix of the display name. */
  async search(userId: UserId, query: string): Promise<User[]> {
    const [byEmail, byName] = await Promise.all([
      this.#accounts.findByEmail(normaliseEmail(query)),
      // One more, because the searching user is removed below.
      this.#accounts.findByNamePrefix(displayNameKey(query), LIMITS.usersPerSearch + 1),
    ]);
    const others = byName.filter((user) => user.userId !== byEmail?.userId);
    const found = byEmail ? [{ userId: byEmail.userId, displayName: byEmail.displayName }, ...others] : others;
    return found.filter((user) => user.userId !== userId).slice(0, LIMITS.usersPerSearch);
  }

  findRoomsVersions(userIds: readonly UserId[]): Promise<readonly { userId: UserId; roomsVersion: number }[]> {
    return this.#accounts.findRoomsVersions(userIds);
  }
}

const addressInUse = (): ParleyError =>
  new ParleyError('conflict', 'An account with this e-mail address exists. Log in instead.');
