import type { MessageApi, RoomApi } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import { expect, test } from 'vitest';
import { messageCreated, userId } from '../testing/fixtures.ts';
import type { CommandContext } from './command.ts';
import { GetReaders } from './get-readers.ts';

const roomId = 'room-0000-0000-0001' as RoomId;

/** The request to the room service for the readers of a log's only entry. */
async function requestFor(event: object): Promise<unknown> {
  const requests: unknown[] = [];
  const rooms: Pick<RoomApi, 'getReaders'> = {
    async getReaders(request) {
      requests.push(request);
      return { users: [], next: undefined } as never;
    },
  };
  const messages: Pick<MessageApi, 'getEvents'> = {
    getEvents: async () => ({ events: [event as never], users: [], head: 1 }),
  };
  const command = new GetReaders(rooms as RoomApi, messages as MessageApi);
  await command.handle({ roomId, seq: 1 }, { connection: { userId } } as CommandContext);
  return requests[0];
}

test('the author of an entry is not among its readers', async () => {
  expect(await requestFor(messageCreated(roomId, 1))).toEqual({ userId, roomId, seq: 1, exceptId: userId });
});

test.each([null, 7, 'text', [], {}, { user: null }, { userId: 1 }])(
  'an entry of an unknown kind with the data %j has no author',
  async (data) => {
    expect(await requestFor({ event: 'x_unknown', roomId, seq: 1, data })).toEqual({ userId, roomId, seq: 1 });
  },
);
