import type { ConnectionId, UserId } from '@parley/protocol';

/** One connection, and the gateway that has it. */
export interface ConnectionRow {
  readonly gatewayId: string;
  readonly connectionId: ConnectionId;
  readonly userId: UserId;
}

/**
 * Who is connected where. Every gateway writes its own rows, under one lease that expires by itself when the gateway
 * dies. Like the bus a hint: a write that fails is repeated with the next renewal of the lease.
 */
export interface ConnectionRecord {
  add(connectionId: ConnectionId, userId: UserId): void;
  remove(connectionId: ConnectionId, userId: UserId): void;
  /** The connections of these people to all gateways that live. Rejects when the record cannot be reached. */
  find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]>;
  /** Takes back the rows of this gateway. */
  close(): Promise<void>;
}

/** Injection token of the ConnectionRecord. */
export const CONNECTION_RECORD = Symbol('ConnectionRecord');

/** What one gateway has to tell: the connections of each person. */
export class OwnRows {
  readonly #users = new Map<UserId, Set<ConnectionId>>();

  add(connectionId: ConnectionId, userId: UserId): void {
    const connections = this.#users.get(userId);
    if (connections === undefined) this.#users.set(userId, new Set([connectionId]));
    else connections.add(connectionId);
  }

  remove(connectionId: ConnectionId, userId: UserId): void {
    const connections = this.#users.get(userId);
    connections?.delete(connectionId);
    if (connections?.size === 0) this.#users.delete(userId);
  }

  of(userId: UserId): ConnectionId[] {
    return [...(this.#users.get(userId) ?? [])];
  }

  userIds(): UserId[] {
    return [...this.#users.keys()];
  }
}
