import type { UserId } from '@parley/protocol';
import type { ConnectionRegistry, ConnectionRow, LocalConnection } from './connection-registry.ts';

/** The connections of each gateway. */
export type MemoryRows = Map<string, Map<UserId, readonly LocalConnection[]>>;

/** For the single gateway of an embedded Parley, which never dies alone. */
export class MemoryConnectionRegistry implements ConnectionRegistry {
  readonly gatewayId: string;
  readonly #rows: MemoryRows;

  /** `rows`: shared by the gateways of a test. */
  constructor(gatewayId: string, rows: MemoryRows = new Map()) {
    this.gatewayId = gatewayId;
    this.#rows = rows;
  }

  async write(changes: ReadonlyMap<UserId, readonly LocalConnection[]>): Promise<void> {
    const own = this.#rows.get(this.gatewayId) ?? new Map<UserId, readonly LocalConnection[]>();
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
    // With fractions of a millisecond, so that changes in one millisecond are ordered.
    return performance.timeOrigin + performance.now();
  }

  onOrphans(_listener: (userIds: readonly UserId[]) => void): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#rows.delete(this.gatewayId);
  }
}
