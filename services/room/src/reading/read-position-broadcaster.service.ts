import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { encodeRoomNotice, encodeUserBroadcast, roomChannel, userChannel } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import { LIMITS, type RoomId } from '@parley/protocol';
import { ROOM_REPOSITORY, type RoomRepository } from '../rooms/room.repository.ts';
import type { ReadPosition } from './read-position.repository.ts';

interface PublishedPosition extends ReadPosition {
  /** Unread mentions of the reader after the position. Missing: unknown. */
  readonly mentionCount?: number;
}

/** Publishes read positions to the gateways. What is lost arrives with the next list of rooms or members. */
@Injectable()
export class ReadPositionBroadcaster {
  readonly #rooms: RoomRepository;
  readonly #bus: Bus;
  readonly #logger: Logger;

  constructor(@Inject(ROOM_REPOSITORY) rooms: RoomRepository, @Inject(BUS) bus: Bus, @Inject(LOGGER) logger: Logger) {
    this.#rooms = rooms;
    this.#bus = bus;
    this.#logger = logger;
  }

  /** Publishes to the reader's own connections, and to small rooms once per room. */
  async publish(positions: readonly PublishedPosition[]): Promise<void> {
    if (positions.length === 0) return;
    try {
      const small = await this.#findSmallRooms(positions);
      await Promise.all([
        ...positions.map((position) => this.#publishToReader(position)),
        ...[...small].map((roomId) =>
          this.#publishToRoom(
            roomId,
            positions.filter((position) => position.roomId === roomId),
          ),
        ),
      ]);
    } catch (error) {
      this.#logger.warn({ err: error, readings: positions.length }, 'Failed to publish read positions.');
    }
  }

  async #findSmallRooms(positions: readonly ReadPosition[]): Promise<ReadonlySet<RoomId>> {
    const rooms = await this.#rooms.find([...new Set(positions.map(({ roomId }) => roomId))]);
    const small = rooms.filter(({ memberCount }) => memberCount <= LIMITS.membersWithReceipts);
    return new Set(small.map(({ roomId }) => roomId));
  }

  #publishToReader({ userId, readSeq, ...position }: PublishedPosition): Promise<void> {
    const broadcast = encodeUserBroadcast({ kind: 'room_read', seq: readSeq, ...position });
    return this.#bus.publish(userChannel(userId), broadcast);
  }

  #publishToRoom(roomId: RoomId, positions: readonly ReadPosition[]): Promise<void> {
    const readings = positions.map(({ userId, readSeq }) => ({ userId, seq: readSeq }));
    return this.#bus.publish(roomChannel(roomId), encodeRoomNotice({ kind: 'read', roomId, readings }));
  }
}
