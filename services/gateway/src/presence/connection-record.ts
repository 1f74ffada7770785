import type { ConnectionId, PresenceStatus, UserId } from '@parley/protocol';

/** A connection of this gateway. */
export interface OwnConnection {
  readonly connectionId: ConnectionId;
  /** Its client said so: nobody is in front of it. */
  readonly away: boolean;
}

/** One connection, and the gateway that has it. */
export interface ConnectionRow extends OwnConnection {
  readonly gatewayId: string;
  readonly userId: UserId;
}

/**
 * Who is connected where. Every gateway writes its own rows, under one lease that expires by itself when the gateway
 * dies. Like the bus a hint: a write that fails is repeated with the next renewal of the lease.
 */
export interface ConnectionRecord {
  readonly gatewayId: string;
  /** From now on these are this gateway's connections of these people, all of them. Rejects when that is not written yet. */
  write(changes: ReadonlyMap<UserId, readonly OwnConnection[]>): Promise<void>;
  /** The connections of these people to all gateways that live. Rejects when the record cannot be reached. */
  find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]>;
  /** Milliseconds by the one clock of all gateways. Rejects when the record cannot be reached. */
  now(): Promise<number>;
  /** Called on one of the gateways with the people of another one that is no more. Returns its unsubscribe. */
  onOrphans(listener: (userIds: readonly UserId[]) => void): () => void;
  /** This gateway is about to be no more: its rows stand a little longer, since its people come back elsewhere. */
  close(): Promise<void>;
}

/** Injection token of the ConnectionRecord. */
export const CONNECTION_RECORD = Symbol('ConnectionRecord');

/** What several connections of one person say together. */
export function statusOf(connections: readonly Pick<OwnConnection, 'away'>[]): PresenceStatus {
  if (connections.length === 0) return 'offline';
  return connections.every(({ away }) => away) ? 'away' : 'online';
}
