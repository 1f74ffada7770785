import { ParleyError, type Reading, type RoomApi } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { FakeClock } from '@parley/testing';
import { beforeEach, expect, test } from 'vitest';
import { silentLogger, userId } from '../testing/fixtures.ts';
import { WRITE_INTERVAL_MS, ReadPositions, AUTHORED_DELAY_MS } from './read-positions.ts';

const roomId = 'room-0000-0000-0001' as RoomId;
const otherRoom = 'room-0000-0000-0002' as RoomId;

/** A room service that accepts every position, unless it is unavailable. */
class Rooms implements Pick<RoomApi, 'readRooms'> {
  readonly calls: (readonly Reading[])[] = [];
  available = true;

  async readRooms({ readings }: Parameters<RoomApi['readRooms']>[0]): ReturnType<RoomApi['readRooms']> {
    this.calls.push(readings);
    if (!this.available) throw new ParleyError('unavailable', 'The room service is unavailable.');
    return { results: readings.map(({ seq }) => ({ readSeq: seq, readCount: seq })) };
  }
}

let clock: FakeClock;
let rooms: Rooms;
let positions: ReadPositions;
beforeEach(() => {
  [clock, rooms] = [new FakeClock(), new Rooms()];
  positions = new ReadPositions(rooms, clock, silentLogger);
});

test('writes the first position at once, and the furthest of each room together after the write interval', async () => {
  const first = positions.read({ userId, roomId, seq: 1 });
  clock.advance(0);
  expect(await first).toEqual({ readSeq: 1, readCount: 1 });
  const next = [3, 2, 4].map((seq) => positions.read({ userId, roomId, seq }));
  next.push(positions.read({ userId, roomId: otherRoom, seq: 9 }));
  clock.advance(WRITE_INTERVAL_MS - 1);
  expect(rooms.calls).toHaveLength(1);
  clock.advance(1);
  expect((await Promise.all(next)).map(({ readSeq }) => readSeq)).toEqual([4, 4, 4, 9]);
  expect(rooms.calls[1]).toEqual([
    { userId, roomId, seq: 4 },
    { userId, roomId: otherRoom, seq: 9 },
  ]);
});

test('writes the position of an author after a delay, or together with a read position', async () => {
  positions.addAuthored({ userId, roomId, seq: 5 });
  clock.advance(AUTHORED_DELAY_MS - 1);
  expect(rooms.calls).toEqual([]);
  clock.advance(1);
  expect(rooms.calls).toEqual([[{ userId, roomId, seq: 5, byWriting: true }]]);

  positions.addAuthored({ userId, roomId, seq: 8 });
  const read = positions.read({ userId, roomId, seq: 6 });
  clock.advance(WRITE_INTERVAL_MS);
  expect(await read).toEqual({ readSeq: 8, readCount: 8 });
  expect(rooms.calls[1]).toEqual([{ userId, roomId, seq: 8 }]);
});

test('rejects read positions and retries those of authors while the room service is unavailable', async () => {
  rooms.available = false;
  positions.addAuthored({ userId, roomId: otherRoom, seq: 2 });
  const read = positions.read({ userId, roomId, seq: 1 });
  clock.advance(0);
  await expect(read).rejects.toMatchObject({ code: 'unavailable' });
  rooms.available = true;
  await expect.poll(() => clock.pending).toBe(1);
  clock.advance(AUTHORED_DELAY_MS);
  expect(rooms.calls.at(-1)).toEqual([{ userId, roomId: otherRoom, seq: 2, byWriting: true }]);
});

test('writes pending positions when the gateway shuts down', async () => {
  positions.addAuthored({ userId, roomId, seq: 5 });
  await positions.onApplicationShutdown();
  expect(rooms.calls).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
