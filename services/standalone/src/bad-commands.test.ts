import type { RoomId, ServerItem } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connect,
  newMessageId,
  newTestUser,
  newRoom,
  newRoomId,
  sendMessage,
  startParley,
  type Parley,
  type TestUser,
} from './testing/parley.ts';
import { ProtocolClient, signUp } from '@parley/testing';

let parley: Parley;
let ada: TestUser;
let roomId: RoomId;
beforeAll(async () => {
  parley = await startParley({ PARLEY_LIMIT_COMMANDS_PER_SECOND: '0', PARLEY_LIMIT_CONNECTIONS_PER_USER: '0' });
  ada = await newTestUser(parley);
  roomId = await newRoom(ada);
});
afterAll(() => parley.close());

let lastId = 0;

/** The answer to a command that a typed client cannot send. */
async function answerTo(command: object, { client }: Pick<TestUser, 'client'> = ada): Promise<ServerItem> {
  const id = `bad-${++lastId}`;
  client.send(JSON.stringify({ ...command, id }));
  return client.waitFor((item) => 'id' in item && item.id === id);
}

const OPERATORS = [
  "' OR 1=1; --",
  '"; DROP TABLE users; --',
  '{"$gt":""}',
  '$where',
  '../../../etc/passwd',
  '\u0000',
  '%00',
];

describe('a frame', () => {
  test.each(['{', 'nonsense', ''])('of %j ends the connection with 1007', async (text) => {
    const { client } = await connect(parley, ada);
    client.send(text);
    expect((await client.closed).code).toBe(1007);
  });

  test('of bytes instead of text ends the connection with 1007', async () => {
    const { client } = await connect(parley, ada);
    client.send(Buffer.from('[]'));
    expect((await client.closed).code).toBe(1007);
  });

  test('over 64 KiB ends the connection with 1009', async () => {
    const { client } = await connect(parley, ada);
    client.send(JSON.stringify({ id: 1, action: 'create_message', data: { text: 'x'.repeat(70_000) } }));
    expect((await client.closed).code).toBe(1009);
  });

  test('of more than 64 commands is rejected as a whole', async () => {
    const { client } = await connect(parley, ada);
    client.send(JSON.stringify(Array.from({ length: 65 }, (_, id) => ({ id, action: 'get_user_rooms' }))));
    expect(await client.waitFor((item) => 'error' in item)).toMatchObject({ id: null, error: { code: 'too_large' } });
    expect(client.items.filter((item) => 'ok' in item)).toHaveLength(1);
  });

  test.each(['1', 'null', '"text"', '[[]]', '[null]', '{"action":"get_user_rooms"}', '{"id":{},"action":"x"}'])(
    'of %s is answered with an error without an id',
    async (text) => {
      const { client } = await connect(parley, ada);
      client.send(text);
      const answer = await client.waitFor((item) => 'error' in item);
      expect(answer).toMatchObject({ id: null, error: { code: 'invalid', retryable: false } });
    },
  );
});

test.each(['fly', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'read_rooms', 'set_writing'])(
  'the action %j is unknown',
  async (action) => {
    expect(await answerTo({ action })).toMatchObject({ error: { code: 'unknown_action' } });
  },
);

test.each([null, [], 'text', 1, true])('data of %j is invalid', async (data) => {
  expect(await answerTo({ action: 'leave_room', data })).toMatchObject({ error: { code: 'invalid' } });
});

describe('before create_connection', () => {
  test('every other action is invalid, and so is a second one', async () => {
    const client = await ProtocolClient.connect(parley.wsUrl, { cookie: ada.cookie });
    await expect(client.command('get_user_rooms', {})).rejects.toMatchObject({ code: 'invalid' });
    await client.command('create_connection', { protocol: 1 });
    await expect(client.command('create_connection', { protocol: 1 })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('another version of the protocol ends the connection with 4002', async () => {
    const client = await ProtocolClient.connect(parley.wsUrl, { cookie: ada.cookie });
    client.send('{"id":1,"action":"create_connection","data":{"protocol":2}}');
    expect((await client.closed).code).toBe(4002);
  });

  test("another user's userId is a conflict, and the right one is accepted afterwards", async () => {
    const client = await ProtocolClient.connect(parley.wsUrl, { cookie: ada.cookie });
    const bob = await signUp(parley.url);
    const wrong = client.command('create_connection', { protocol: 1, userId: bob.user.userId });
    await expect(wrong).rejects.toMatchObject({ code: 'conflict' });
    await client.command('create_connection', { protocol: 1, userId: ada.user.userId });
  });
});

describe('a field', () => {
  const good: Record<string, Record<string, unknown>> = {
    create_room: { roomId: 'a'.repeat(16), memberIds: [] },
    add_members: { roomId: 'a'.repeat(16), memberIds: ['b'.repeat(16)] },
    leave_room: { roomId: 'a'.repeat(16) },
    create_invitation: { roomId: 'a'.repeat(16) },
    join_room: { token: 'a' },
    get_members: { roomId: 'a'.repeat(16) },
    create_message: { roomId: 'a'.repeat(16), messageId: 'b'.repeat(16), text: 'x' },
    get_messages: { roomId: 'a'.repeat(16) },
    get_events: { roomId: 'a'.repeat(16), after: 0 },
  };
  const fields = Object.entries(good).flatMap(([action, data]) =>
    Object.keys(data).map((field) => ({ action, field, data })),
  );

  test.each(fields)(
    '$field of $action that is missing or of a wrong type is invalid',
    async ({ action, field, data }) => {
      for (const wrong of [undefined, null, { $ne: null }, [{ $gt: '' }], true, -1.5]) {
        expect(await answerTo({ action, data: { ...data, [field]: wrong } })).toMatchObject({
          error: { code: 'invalid' },
        });
      }
    },
  );

  const ids = fields.filter(({ field }) => field === 'roomId' || field === 'messageId');
  test.each(ids)('$field of $action that is not an id is invalid', async ({ action, field, data }) => {
    for (const wrong of OPERATORS) {
      expect(await answerTo({ action, data: { ...data, [field]: wrong } })).toMatchObject({
        error: { code: 'invalid' },
      });
    }
  });

  test.each(OPERATORS)('token %j admits to no room', async (token) => {
    expect(await answerTo({ action: 'join_room', data: { token } })).toMatchObject({ error: { code: 'not_found' } });
  });

  test.each(OPERATORS)('after %j is no valid page', async (after) => {
    expect(await answerTo({ action: 'get_user_rooms', data: { after } })).toMatchObject({ error: { code: 'invalid' } });
    const members = await answerTo({ action: 'get_members', data: { roomId, after } });
    expect(members).toMatchObject({ error: { code: 'invalid' } });
  });

  test.each(OPERATORS)('text %j is stored unchanged', async (text) => {
    const { message } = await ada.client.command('create_message', { roomId, messageId: newMessageId(), text });
    expect(message.text).toBe(text);
  });

  test.each([
    ['create_message', { text: 'x'.repeat(8_001) }],
    ['create_room', { name: 'x'.repeat(121) }],
    ['create_room', { memberIds: Array(101).fill('b'.repeat(16)) }],
  ] as const)('of %s may be too large', async (action, data) => {
    const answer = await answerTo({ action, data: { ...good[action], ...data } });
    expect(answer).toMatchObject({ error: { code: 'too_large', retryable: false } });
  });

  test('that is unknown has no effect, not even a forged userId', async () => {
    const bob = await newTestUser(parley);
    const messageId = newMessageId();
    const data = { roomId, messageId, text: 'Mine', userId: bob.user.userId, admin: true };
    expect(await answerTo({ action: 'create_message', data })).toMatchObject({
      ok: { message: { userId: ada.user.userId } },
    });
  });
});

describe('a room', () => {
  test('that is foreign answers like one that does not exist', async () => {
    const bob = await newTestUser(parley);
    const invite = await bob.client.command('create_invitation', { roomId: await newRoom(bob) });
    expect(invite.token).not.toBe('');
    for (const action of ['leave_room', 'create_invitation', 'get_members', 'get_messages'] as const) {
      const answers = await Promise.all(
        [roomId, newRoomId()].map((id) => answerTo({ action, data: { roomId: id } }, bob)),
      );
      const [foreign, unknown] = answers.map((answer) => ('error' in answer ? answer.error : undefined));
      expect(foreign).toMatchObject({ code: 'not_member' });
      expect(foreign).toEqual(unknown);
    }
    await expect(sendMessage(bob, roomId, 'Let me in')).rejects.toMatchObject({ code: 'not_member' });
    await expect(bob.client.command('get_events', { roomId, after: 0 })).rejects.toMatchObject({ code: 'not_member' });
    const add = bob.client.command('add_members', { roomId, memberIds: [bob.user.userId] });
    await expect(add).rejects.toMatchObject({ code: 'not_member' });
  });

  test('whose id is taken is a conflict, and repeated by its creator returns the same room', async () => {
    const bob = await newTestUser(parley);
    await expect(bob.client.command('create_room', { roomId, memberIds: [] })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { room } = await ada.client.command('create_room', { roomId, memberIds: [] });
    expect(room.roomId).toBe(roomId);
  });

  test('with unknown users is not created', async () => {
    const id = newRoomId();
    const answer = await answerTo({ action: 'create_room', data: { roomId: id, memberIds: ['x'.repeat(32)] } });
    expect(answer).toMatchObject({ error: { code: 'not_found' } });
    expect(await answerTo({ action: 'get_members', data: { roomId: id } })).toMatchObject({
      error: { code: 'not_member' },
    });
  });
});

test('a message id that another user has taken in the room is a conflict that reveals nothing', async () => {
  const bob = await newTestUser(parley);
  const shared = await newRoom(ada, bob);
  const messageId = newMessageId();
  await ada.client.command('create_message', { roomId: shared, messageId, text: 'Mine' });
  const answer = await answerTo({ action: 'create_message', data: { roomId: shared, messageId, text: 'Mine' } }, bob);
  expect(answer).toMatchObject({ error: { code: 'conflict', message: expect.not.stringContaining('Mine') } });
});
