import { Injectable } from '@nestjs/common';
import type { RoomId } from '@parley/protocol';
import { RoomHub } from '../fanout/room-hub.ts';
import type { RoomSubscription } from '../fanout/room-subscription.ts';
import type { Connection } from './connection.ts';

/** Adds connections to rooms of the RoomHub: closed before the rooms' heads are read, opened once the client knows them. */
@Injectable()
export class RoomSubscriptions {
  readonly #hub: RoomHub;

  constructor(hub: RoomHub) {
    this.#hub = hub;
  }

  /**
   * Adds the missing subscriptions, closed. Resolves when the bus delivers the rooms' events, or when it is unavailable:
   * what it loses is repaired later.
   */
  async add(connection: Connection, roomIds: readonly RoomId[]): Promise<void> {
    const acknowledged: Promise<void>[] = [];
    for (const roomId of roomIds) {
      if (connection.closed || connection.subscriptions.has(roomId)) continue;
      const added = this.#hub.subscribe(roomId, connection);
      connection.subscriptions.set(added.roomId, added.subscription);
      acknowledged.push(added.acknowledged);
    }
    await Promise.allSettled(acknowledged);
  }

  /** To be called when the client has been sent the room with this head. */
  open(connection: Connection, roomId: RoomId, head: number): void {
    const subscription = connection.subscriptions.get(roomId);
    if (subscription !== undefined && !this.#hub.open(roomId, subscription, head)) connection.onRemovedFromRoom(roomId);
  }

  /**
   * For a room that the user has left according to the database: delivers the entries up to then, and removes the
   * subscriptions.
   */
  async removeAfterCatchUp(connections: readonly Connection[], roomId: RoomId): Promise<void> {
    await this.#hub.catchUp(roomId);
    for (const connection of connections) connection.onRemovedFromRoom(roomId);
  }

  /** Removes subscriptions that were not opened because a later step failed. */
  removeUnopened(connection: Connection, roomIds: readonly RoomId[]): void {
    for (const roomId of roomIds) {
      const subscription = connection.subscriptions.get(roomId);
      if (subscription === undefined || subscription.isOpen) continue;
      connection.subscriptions.delete(roomId);
      this.#hub.unsubscribe(roomId, subscription);
    }
  }

  remove(roomId: RoomId, subscription: RoomSubscription): void {
    this.#hub.unsubscribe(roomId, subscription);
  }

  /** Removes all subscriptions without notifying the client. */
  clear(connection: Connection): void {
    for (const [roomId, subscription] of connection.subscriptions) this.#hub.unsubscribe(roomId, subscription);
    connection.subscriptions.clear();
  }
}
