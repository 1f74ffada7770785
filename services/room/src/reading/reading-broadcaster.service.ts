import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { encodeRoomNotice, encodeUserBroadcast, roomChannel, userChannel } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import { LIMITS, type RoomId } from '@parley/protocol';
import { ROOM_REPOSITORY, type RoomRepository } from '../rooms/room.repository.ts';
import type { ReadPosition } from './reading.repository.ts';

/** With how many messages after it mention the reader, where that is known. */
interface ToldPosition extends ReadPosition {
  readonly mentionCount?: number;
}

/** Tells gateways who has read up to where. Only hints: what is lost is seen with the next list of rooms or members. */
@Injectable()
export class ReadingBroadcaster {
  readonly #rooms: RoomRepository;
  readonly #bus: Bus;
  readonly #logger: Logger;

  constructor(@Inject(ROOM_REPOSITORY) rooms: RoomRepository, @Inject(BUS) bus: Bus, @Inject(LOGGER) logger: Logger) {
    this.#rooms = rooms;
    this.#bus = bus;
    this.#logger = logger;
  }

  /** Each person's own connections, and once for each small room all that is in it. */
  async tell(positions: readonly ToldPosition[]): Promise<void> {
    if (positions.length === 0) return;
    try {
      const small = await this.#findSmallRooms(positions);
      await Promise.all([
        ...positions.map((position) => this.#tellSelf(position)),
        ...[...small].map((roomId) =>
          this.#tellRoom(
            roomId,
            positions.filter((position) => position.roomId === roomId),
          ),
        ),
      ]);
    } catch (error) {
      this.#logger.warn({ err: error, readings: positions.length }, 'Gateways were not told who has read.');
    }
  }

  async #findSmallRooms(positions: readonly ReadPosition[]): Promise<ReadonlySet<RoomId>> {
    const rooms = await this.#rooms.find([...new Set(positions.map(({ roomId }) => roomId))]);
    const small = rooms.filter(({ memberCount }) => memberCount <= LIMITS.membersWithReceipts);
    return new Set(small.map(({ roomId }) => roomId));
  }

  #tellSelf({ userId, readSeq, ...position }: ToldPosition): Promise<void> {
    const broadcast = encodeUserBroadcast({ kind: 'room_read', seq: readSeq, ...position });
    return this.#bus.publish(userChannel(userId), broadcast);
  }

  #tellRoom(roomId: RoomId, positions: readonly ReadPosition[]): Promise<void> {
    const readings = positions.map(({ userId, readSeq }) => ({ userId, seq: readSeq }));
    return this.#bus.publish(roomChannel(roomId), encodeRoomNotice({ kind: 'read', roomId, readings }));
  }
}
