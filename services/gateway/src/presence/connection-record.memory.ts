import type { UserId } from '@parley/protocol';
import type { ConnectionRecord, ConnectionRow, OwnConnection } from './connection-record.ts';

/** The connections of each gateway, in one process. */
export type MemoryRows = Map<string, Map<UserId, readonly OwnConnection[]>>;

/** For the one gateway of an embedded Parley: it is alive whenever it is asked. */
export class MemoryConnectionRecord implements ConnectionRecord {
  readonly gatewayId: string;
  readonly #rows: MemoryRows;

  /** `rows`: shared by gateways that know of each other. */
  constructor(gatewayId: string, rows: MemoryRows = new Map()) {
    this.gatewayId = gatewayId;
    this.#rows = rows;
  }

  async write(changes: ReadonlyMap<UserId, readonly OwnConnection[]>): Promise<void> {
    const own = this.#rows.get(this.gatewayId) ?? new Map<UserId, readonly OwnConnection[]>();
    this.#rows.set(this.gatewayId, own);
    for (const [userId, connections] of changes) {
      if (connections.length === 0) own.delete(userId);
      else own.set(userId, connections);
    }
  }

  async find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]> {
    return [...this.#rows].flatMap(([gatewayId, rows]) =>
      userIds.flatMap((userId) => (rows.get(userId) ?? []).map((own) => ({ gatewayId, userId, ...own }))),
    );
  }

  async now(): Promise<number> {
    // To fractions of a millisecond, so that one comes after the other.
    return performance.timeOrigin + performance.now();
  }

  onOrphans(_listener: (userIds: readonly UserId[]) => void): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#rows.delete(this.gatewayId);
  }
}
