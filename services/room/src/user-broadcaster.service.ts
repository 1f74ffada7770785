import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { encodeUserBroadcast, userChannel, type SessionId, type UserBroadcast } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import type { UserId } from '@parley/protocol';
import { ACCOUNT_REPOSITORY, type AccountRepository } from './accounts/account.repository.ts';

/** Publishes changes of a user to the gateways. A failure is only logged: gateways reconcile with the database. */
@Injectable()
export class UserBroadcaster {
  readonly #accounts: AccountRepository;
  readonly #bus: Bus;
  readonly #logger: Logger;

  constructor(
    @Inject(ACCOUNT_REPOSITORY) accounts: AccountRepository,
    @Inject(BUS) bus: Bus,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#accounts = accounts;
    this.#bus = bus;
    this.#logger = logger;
  }

  async roomsChanged(userIds: readonly UserId[]): Promise<void> {
    try {
      const versions = await this.#accounts.findRoomsVersions(userIds);
      await Promise.all(
        versions.map(({ userId, roomsVersion }) => this.#publish(userId, { kind: 'rooms_changed', roomsVersion })),
      );
    } catch (error) {
      this.#logger.warn({ err: error, users: userIds.length }, 'Failed to publish changed room lists.');
    }
  }

  async sessionEnded(userId: UserId, sessionId: SessionId): Promise<void> {
    try {
      await this.#publish(userId, { kind: 'session_ended', sessionId });
    } catch (error) {
      this.#logger.warn({ err: error, sessionId }, 'Failed to publish the end of a session.');
    }
  }

  #publish(userId: UserId, broadcast: UserBroadcast): Promise<void> {
    return this.#bus.publish(userChannel(userId), encodeUserBroadcast(broadcast));
  }
}
