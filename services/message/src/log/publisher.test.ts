import { expect, test, vi } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { RecordingBus } from '../testing/recording-bus.ts';
import type { VerbatimEntry } from './entry.ts';
import { emptyHead } from './log.repository.ts';
import { sequenceEntries } from './sequencing.ts';
import { RoomPublisher } from './publisher.ts';

const roomId = newRoomId();
const ada = newUser('Ada');
const references = { users: new Map([[ada.userId, ada]]), messages: new Map() };
const newEntries: VerbatimEntry[] = [
  { event: 'message_created', entryId: newMessageId(), userId: ada.userId, data: { text: 'Hello' } },
  { event: 'message_created', entryId: newMessageId(), userId: ada.userId, data: { text: 'Bye' } },
  { event: 'member_left', entryId: 'left', userId: ada.userId, data: {} },
];
const entries = sequenceEntries(emptyHead(roomId), newEntries, 0);
const open = () => {
  const bus = new RecordingBus();
  const logger = { warn: vi.fn(), info: vi.fn() };
  return { bus, logger, publisher: new RoomPublisher(bus, logger) };
};

test('consecutive entries are one broadcast, whose header marks changes of members', async () => {
  const { bus, publisher } = open();
  await publisher.publish(roomId, [...entries].reverse(), references);
  await publisher.publish(roomId, entries.slice(0, 2), references);
  await publisher.publish(roomId, [], references);
  expect(bus.broadcasts.map(({ header }) => header)).toEqual([
    { kind: 'events', roomId, firstSeq: 1, lastSeq: 3, at: 0, members: true },
    { kind: 'events', roomId, firstSeq: 1, lastSeq: 2, at: 0 },
  ]);
  expect(bus.broadcasts[0]?.events.map(({ event, data }) => [event, data])).toEqual([
    ['message_created', { message: expect.objectContaining({ seq: 1, text: 'Hello', attachments: [] }), user: ada }],
    ['message_created', { message: expect.objectContaining({ seq: 2, text: 'Bye', attachments: [] }), user: ada }],
    ['member_left', { userId: ada.userId }],
  ]);
});

test('a bus failure is logged once, and its end once', async () => {
  const { bus, logger, publisher } = open();
  bus.available = false;
  await publisher.publish(roomId, entries, references);
  await publisher.publish(roomId, entries, references);
  bus.available = true;
  await publisher.publish(roomId, entries, references);
  await publisher.publish(roomId, entries, references);
  expect([logger.warn.mock.calls.length, logger.info.mock.calls.length]).toEqual([1, 1]);
});
