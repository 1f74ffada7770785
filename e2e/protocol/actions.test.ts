import type {
  Action,
  ActionData,
  ActionOk,
  ConnectionEventName,
  RoomEventName,
  RoomId,
  ServerItem,
} from '@parley/protocol';
import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWriter } from '../harness/chat.ts';
import { COMPOSITIONS } from '../harness/compositions.ts';
import type { RunningParley } from '../harness/parley.ts';
import { newMessageId, newRoomId, TestUser } from '../harness/test-user.ts';

/** Ada, who owns the room, and Bob, who is in it, each at a gateway of theirs. */
interface Scene {
  readonly ada: TestUser;
  readonly bob: TestUser;
  readonly roomId: RoomId;
}

const ask = <Of extends Action>(one: TestUser, action: Of, data: ActionData<Of>): Promise<ActionOk<Of>> =>
  one.client.command(action, data);

/** For effects that are delivered or indexed a little later. */
const PATIENCE = { timeout: 20_000, interval: 100 };

/** Resolves when the user receives the event, in that room if one is given; its data must match `data`. */
async function receives(
  one: TestUser,
  event: RoomEventName | ConnectionEventName,
  data: object,
  roomId?: RoomId,
): Promise<void> {
  const isIt = (item: ServerItem): boolean =>
    'event' in item && item.event === event && (roomId === undefined || ('seq' in item && item.roomId === roomId));
  expect(await one.client.waitFor(isIt)).toMatchObject({ data });
}

/** What each action is for, seen from both sides. A new one without a line here does not compile. */
const SCENES: Record<Action, (scene: Scene) => Promise<unknown>> = {
  async create_connection({ ada, bob, roomId }) {
    const again = await TestUser.connect(bob.url, ada.session);
    expect(again.connected).toMatchObject({ user: { userId: ada.userId }, rooms: [{ roomId, memberCount: 2 }] });
  },
  async delete_connection({ ada }) {
    expect(await ask(ada, 'delete_connection', {})).toEqual({});
    expect(await ada.client.closed).toMatchObject({ code: 1000 });
  },
  async get_user_rooms({ bob, roomId }) {
    expect(await ask(bob, 'get_user_rooms', {})).toMatchObject({ rooms: [{ roomId }] });
  },
  async create_room({ ada, bob }) {
    const roomId = newRoomId();
    const { room } = await ask(ada, 'create_room', { roomId, name: 'Tea', memberIds: [bob.userId] });
    expect(room).toMatchObject({ roomId, name: 'Tea', memberCount: 2, head: 0 });
    await bob.receives('room_created', roomId);
  },
  async add_members({ ada, bob, roomId }) {
    const cleo = await TestUser.signUp(bob.url, 'Cleo');
    const { room } = await ask(ada, 'add_members', { roomId, memberIds: [cleo.userId] });
    expect(room).toMatchObject({ memberCount: 3 });
    await cleo.receives('room_created', roomId);
    await receives(bob, 'member_joined', { user: { displayName: 'Cleo' } });
  },
  async leave_room({ ada, bob, roomId }) {
    expect(await ask(bob, 'leave_room', { roomId })).toEqual({});
    await receives(ada, 'member_left', { userId: bob.userId });
  },
  async create_invitation({ ada, roomId }) {
    expect(await ask(ada, 'create_invitation', { roomId })).toMatchObject({ token: expect.stringMatching(/./) });
  },
  async get_invitations({ ada, bob, roomId }) {
    await ask(bob, 'create_invitation', { roomId });
    expect(await ask(ada, 'get_invitations', { roomId })).toMatchObject({ invitations: [{ creatorId: bob.userId }] });
  },
  async delete_invitation({ ada, bob, roomId }) {
    const { token } = await ask(ada, 'create_invitation', { roomId });
    const [invitation] = (await ask(ada, 'get_invitations', { roomId })).invitations;
    const { invitationId } = invitation ?? expect.fail();
    expect(await ask(ada, 'delete_invitation', { roomId, invitationId })).toEqual({});
    await expect(ask(bob, 'join_room', { token })).rejects.toMatchObject({ code: 'not_found' });
  },
  async join_room({ ada, bob, roomId }) {
    const { token } = await ask(ada, 'create_invitation', { roomId });
    const cleo = await TestUser.signUp(bob.url, 'Cleo');
    expect(await ask(cleo, 'join_room', { token })).toMatchObject({ room: { roomId, memberCount: 3 } });
    await receives(ada, 'member_joined', { user: { displayName: 'Cleo' } });
  },
  async get_members({ ada, bob, roomId }) {
    const { members } = await ask(bob, 'get_members', { roomId });
    expect(new Set(members.map(({ userId }) => userId))).toEqual(new Set([ada.userId, bob.userId]));
  },
  async rename_room({ ada, bob, roomId }) {
    expect(await ask(ada, 'rename_room', { roomId, name: 'Coffee' })).toMatchObject({ room: { name: 'Coffee' } });
    await receives(bob, 'room_renamed', { name: 'Coffee', userId: ada.userId });
  },
  async remove_member({ ada, bob, roomId }) {
    expect(await ask(ada, 'remove_member', { roomId, userId: bob.userId })).toMatchObject({ room: { memberCount: 1 } });
    await bob.receives('room_removed', roomId);
  },
  async create_message({ ada, bob, roomId }) {
    const first = await ada.say(roomId, 'first');
    const mention = { messageId: newMessageId(), text: 'and you?', replyTo: first.messageId, mentions: [bob.userId] };
    const { message } = await ask(ada, 'create_message', { roomId, ...mention });
    expect(message).toMatchObject({ text: 'and you?', seq: 2, mentions: [bob.userId] });
    await bob.sees(roomId, 2);
    expect(bob.entries(roomId).at(-1)).toMatchObject({ data: { message } });

    const writer = await newWriter(ada.url);
    await ask(bob, 'join_room', await writer.client.command('create_invitation', { roomId: writer.roomId }));
    await writer.say('an image', [await writer.upload()]);
    await receives(bob, 'message_created', { message: { attachments: [{ width: 3, height: 2 }] } }, writer.roomId);
  },
  async update_message({ ada, bob, roomId }) {
    const { messageId } = await ada.say(roomId, 'one');
    const { message } = await ask(ada, 'update_message', { roomId, messageId, text: 'two' });
    expect(message).toMatchObject({ messageId, text: 'two' });
    await receives(bob, 'message_updated', { message: { messageId, text: 'two' } });
  },
  async delete_message({ ada, bob, roomId }) {
    const { messageId } = await ada.say(roomId, 'one');
    expect(await ask(ada, 'delete_message', { roomId, messageId })).toMatchObject({ message: { text: '' } });
    await receives(bob, 'message_deleted', { messageId });
  },
  async set_reaction({ ada, bob, roomId }) {
    const { messageId } = await ada.say(roomId, 'one');
    const { message } = await ask(bob, 'set_reaction', { roomId, messageId, emoji: '👍', on: true });
    expect(message.reactions).toMatchObject([{ emoji: '👍', count: 1 }]);
    await receives(ada, 'reaction_changed', { messageId, emoji: '👍', userId: bob.userId });
  },
  async find_messages({ ada, bob, roomId }) {
    const { messageId } = await ada.say(roomId, 'one');
    const { messages } = await ask(bob, 'find_messages', { roomId, messageIds: [messageId, newMessageId()] });
    expect(messages).toMatchObject([{ messageId, text: 'one' }]);
  },
  async get_messages({ ada, bob, roomId }) {
    for (const text of ['one', 'two', 'three']) await ada.say(roomId, text);
    for (const [data, seqs] of [
      [{ before: 3 }, [1, 2]],
      [{ after: 1 }, [2, 3]],
      [{ around: 2 }, [1, 2, 3]],
    ] as const) {
      const { messages } = await ask(bob, 'get_messages', { roomId, ...data });
      expect(messages.map(({ seq }) => seq)).toEqual(seqs);
    }
  },
  async get_events({ ada, bob, roomId }) {
    await ada.say(roomId, 'one');
    const { events, head } = await ask(bob, 'get_events', { roomId, after: 0 });
    expect(events).toMatchObject([{ event: 'message_created', seq: 1 }]);
    expect(head).toBe(1);
  },
  async read_room({ ada, bob, roomId }) {
    await ada.say(roomId, 'one');
    expect(await ask(bob, 'read_room', { roomId, seq: 1 })).toMatchObject({ readSeq: 1, readCount: 1 });
    await receives(ada, 'room_read', { roomId, userId: bob.userId, seq: 1 });
  },
  async get_readers({ ada, bob, roomId }) {
    await ada.say(roomId, 'one');
    await ask(bob, 'read_room', { roomId, seq: 1 });
    expect(await ask(ada, 'get_readers', { roomId, seq: 1 })).toMatchObject({
      count: 1,
      users: [{ userId: bob.userId }],
    });
  },
  async set_typing({ ada, bob, roomId }) {
    await bob.receives('room_created', roomId);
    await ask(ada, 'set_typing', { roomId });
    await receives(bob, 'typing', { roomId, userId: ada.userId });
  },
  async get_presence({ ada, bob }) {
    const presence = [{ userId: bob.userId, status: 'online' }];
    await expect.poll(() => ask(ada, 'get_presence', { userIds: [bob.userId] }), PATIENCE).toEqual({ presence });
  },
  async set_away({ ada, bob }) {
    await ask(bob, 'set_away', { away: true });
    const presence = [{ userId: bob.userId, status: 'away' }];
    await expect.poll(() => ask(ada, 'get_presence', { userIds: [bob.userId] }), PATIENCE).toEqual({ presence });
  },
  async search_messages({ ada, bob, roomId }) {
    const { messageId } = await ada.say(roomId, 'where the wild thyme blows');
    const found = async () => (await ask(bob, 'search_messages', { query: 'thyme', roomId })).messages;
    await expect.poll(found, PATIENCE).toMatchObject([{ messageId, userId: ada.userId }]);
  },
};

for (const { mode, needs, start } of COMPOSITIONS) {
  describeWith(needs, `every action (${mode})`, () => {
    let parley: RunningParley;

    beforeAll(async () => {
      parley = await start();
    });

    afterAll(() => parley?.stop());

    test.each(Object.entries(SCENES))('%s works at every gateway', async (_action, play) => {
      const [first, last] = [parley.urls[0], parley.urls.at(-1) ?? ''];
      for (const [here, there] of [
        [first, last],
        [last, first],
      ] as const) {
        const [ada, bob] = [await TestUser.signUp(here, 'Ada'), await TestUser.signUp(there, 'Bob')];
        await play({ ada, bob, roomId: await ada.createRoom(bob) });
      }
    });
  });
}
