import type { ConnectionId, UserId } from '@parley/protocol';
import { OwnRows, type ConnectionRecord, type ConnectionRow } from './connection-record.ts';

/** For the one gateway of an embedded Parley: it is alive whenever it is asked. */
export class MemoryConnectionRecord implements ConnectionRecord {
  readonly #gatewayId: string;
  #rows = new OwnRows();

  constructor(gatewayId: string) {
    this.#gatewayId = gatewayId;
  }

  add(connectionId: ConnectionId, userId: UserId): void {
    this.#rows.add(connectionId, userId);
  }

  remove(connectionId: ConnectionId, userId: UserId): void {
    this.#rows.remove(connectionId, userId);
  }

  async find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]> {
    return userIds.flatMap((userId) =>
      this.#rows.of(userId).map((connectionId) => ({ gatewayId: this.#gatewayId, connectionId, userId })),
    );
  }

  async close(): Promise<void> {
    this.#rows = new OwnRows();
  }
}
