import { Injectable } from '@nestjs/common';
import type { RoomId } from '@parley/protocol';
import { RoomHub } from '../fanout/room-hub.ts';
import type { Seat } from '../fanout/seat.ts';
import type { Connection } from './connection.ts';

/** The places of connections in rooms: taken before the rooms' logs are read, opened once the client knows of them. */
@Injectable()
export class Seating {
  readonly #hub: RoomHub;
  constructor(hub: RoomHub) {
    this.#hub = hub;
  }

  /**
   * Takes seats that are not taken yet. Resolves when the bus brings all that happens in these rooms from then on, or
   * when it cannot be had now: what it loses is repaired later.
   */
  async take(connection: Connection, roomIds: readonly RoomId[]): Promise<void> {
    const acknowledged: Promise<void>[] = [];
    for (const roomId of roomIds) {
      if (connection.closed || connection.seats.has(roomId)) continue;
      const taken = this.#hub.take(roomId, connection);
      connection.seats.set(taken.roomId, taken.seat);
      acknowledged.push(taken.acknowledged);
    }
    await Promise.allSettled(acknowledged);
  }

  /** The client has been told of the room with this head. */
  open(connection: Connection, roomId: RoomId, head: number): void {
    const seat = connection.seats.get(roomId);
    if (seat !== undefined && !this.#hub.open(roomId, seat, head)) connection.seatLost(roomId);
  }

  /**
   * The database says that the person left the room: passes on what its log has still to say up to there, then gives
   * up the seats.
   */
  async end(connections: readonly Connection[], roomId: RoomId): Promise<void> {
    await this.#hub.catchUp(roomId);
    for (const connection of connections) connection.seatLost(roomId);
  }

  /** Gives up those of the seats that were never opened, because something failed on the way. */
  dropUnopened(connection: Connection, roomIds: readonly RoomId[]): void {
    for (const roomId of roomIds) {
      const seat = connection.seats.get(roomId);
      if (seat === undefined || seat.isOpen) continue;
      connection.seats.delete(roomId);
      this.#hub.give(roomId, seat);
    }
  }

  give(roomId: RoomId, seat: Seat): void {
    this.#hub.give(roomId, seat);
  }

  /** Gives up all seats, without a word to the client. */
  clear(connection: Connection): void {
    for (const [roomId, seat] of connection.seats) this.#hub.give(roomId, seat);
    connection.seats.clear();
  }
}
