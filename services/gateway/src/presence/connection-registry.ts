import type { ConnectionId, PresenceStatus, UserId } from '@parley/protocol';

/** A connection of this gateway. */
export interface LocalConnection {
  readonly connectionId: ConnectionId;
  /** Its client reported that the user is away. */
  readonly away: boolean;
}

/** One connection, and the gateway that has it. */
export interface ConnectionRow extends LocalConnection {
  readonly gatewayId: string;
  readonly userId: UserId;
}

/**
 * The connections of all gateways. Each gateway writes its own rows under one lease, which expires when the gateway dies.
 * A hint like the bus: a failed write is repeated with the next renewal of the lease.
 */
export interface ConnectionRegistry {
  readonly gatewayId: string;
  /** Replaces this gateway's connections of these users. Rejects when they could not be written yet. */
  write(changes: ReadonlyMap<UserId, readonly LocalConnection[]>): Promise<void>;
  /** The users' connections at all live gateways. Rejects when the registry is unavailable. */
  find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]>;
  /** Milliseconds by a clock that all gateways share. Rejects when the registry is unavailable. */
  now(): Promise<number>;
  /** Calls the listener, at one of the gateways, with the users of a dead gateway. Returns its unsubscribe. */
  onOrphans(listener: (userIds: readonly UserId[]) => void): () => void;
  /** To be called when this gateway shuts down: its rows count a little longer, since its users reconnect elsewhere. */
  close(): Promise<void>;
}

/** Injection token of the ConnectionRegistry. */
export const CONNECTION_REGISTRY = Symbol('ConnectionRegistry');

/** The status of a user with these connections. */
export function statusOf(connections: readonly Pick<LocalConnection, 'away'>[]): PresenceStatus {
  if (connections.length === 0) return 'offline';
  return connections.every(({ away }) => away) ? 'away' : 'online';
}
