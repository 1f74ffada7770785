import type { Action, ActionData, AttachmentId, Message, RoomId } from '@parley/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  newMessageId,
  newTestUser,
  newRoom,
  startParley,
  waitForSeq,
  type Parley,
  type TestUser,
} from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley();
});
afterAll(() => parley.close());

async function post(testUser: TestUser, roomId: RoomId, text: string, more: object = {}): Promise<Message> {
  const data = { roomId, messageId: newMessageId(), text, ...more };
  return (await testUser.client.command('create_message', data)).message;
}

const refusal = <A extends Action>({ client }: TestUser, action: A, data: ActionData<A>): Promise<string> =>
  client.command(action, data).then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? 'none',
  );

/** A room's log as the client received it. */
const live = ({ client }: TestUser, roomId: RoomId) =>
  client.items.filter((item) => 'seq' in item && item.roomId === roomId);

test('an edit, a reaction and a deletion reach every member, live and in history', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const { messageId } = await post(ada, roomId, 'Helo');
  const { message } = await ada.client.command('update_message', { roomId, messageId, text: 'Hello' });
  expect(message).toMatchObject({ seq: 1, text: 'Hello', editedAt: expect.any(Number) as number });
  const reacted = await bob.client.command('set_reaction', { roomId, messageId, emoji: '👍', on: true });
  const reaction = { emoji: '👍', count: 1, userIds: [bob.user.userId] };
  expect(reacted.message.reactions).toEqual([{ ...reaction, mine: true }]);
  await waitForSeq(ada, roomId, 3);
  const user = { userId: ada.user.userId, displayName: 'Ada' };
  expect(live(ada, roomId).slice(1)).toEqual([
    { event: 'message_updated', roomId, seq: 2, data: { message, user } },
    {
      ...{ event: 'reaction_changed', roomId, seq: 3 },
      data: {
        ...{ messageId, messageSeq: 1, userId: bob.user.userId, emoji: '👍', on: true },
        reactions: [reaction],
      },
    },
  ]);
  const deleted = await ada.client.command('delete_message', { roomId, messageId });
  expect(deleted.message).toMatchObject({ seq: 1, text: '', attachments: [], reactions: [] });
  await waitForSeq(bob, roomId, 4);
  const page = await bob.client.command('get_events', { roomId, after: 0 });
  expect(page.events.map(({ event }) => event)).toEqual([
    ...['message_created', 'message_updated', 'reaction_changed', 'message_deleted'],
  ]);
  expect(page.events[0]?.data).toMatchObject({ message: deleted.message });
  expect(page.events[3]).toEqual(live(bob, roomId)[3]);
  expect(JSON.stringify(page)).not.toContain('Hello');
});

test('the list of rooms shows the current state of the last message', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const { messageId } = await post(ada, roomId, 'first');
  const last = async () => (await ada.client.command('get_user_rooms', {})).rooms[0];
  await ada.client.command('update_message', { roomId, messageId, text: 'second' });
  expect(await last()).toMatchObject({ head: 2, count: 1, lastMessage: { text: 'second', seq: 1 } });
  await ada.client.command('delete_message', { roomId, messageId });
  const room = await last();
  expect(room).toMatchObject({ head: 3, count: 1, lastMessage: { text: '' } });
  expect(room?.lastMessage?.deletedAt).toBeGreaterThan(0);
});

test('a forbidden change is rejected with its reason and has no effect', async () => {
  const [ada, bob, eve] = [await newTestUser(parley), await newTestUser(parley), await newTestUser(parley)];
  const roomId = await newRoom(ada, bob);
  const { messageId } = await post(ada, roomId, 'Mine');
  const none = newMessageId();
  expect(await refusal(bob, 'update_message', { roomId, messageId, text: 'Yours' })).toBe('forbidden');
  expect(await refusal(bob, 'delete_message', { roomId, messageId })).toBe('forbidden');
  expect(await refusal(eve, 'set_reaction', { roomId, messageId, emoji: '👍', on: true })).toBe('not_member');
  expect(await refusal(eve, 'find_messages', { roomId, messageIds: [messageId] })).toBe('not_member');
  expect(await refusal(ada, 'update_message', { roomId, messageId: none, text: 'x' })).toBe('not_found');
  expect(await refusal(ada, 'delete_message', { roomId, messageId: none })).toBe('not_found');
  expect(await refusal(ada, 'create_message', { roomId, messageId: none, text: 'x', replyTo: newMessageId() })).toBe(
    'not_found',
  );
  expect((await ada.client.command('get_events', { roomId, after: 0 })).head).toBe(1);
});

test.each<[string, Action, object, string]>([
  ['a text that is too long', 'update_message', { text: 'x'.repeat(8_001) }, 'too_large'],
  ['no text', 'update_message', { text: ' ' }, 'invalid'],
  ['a text that is none', 'update_message', { text: 1 }, 'invalid'],
  ['half a character', 'update_message', { text: '\ud83d' }, 'invalid'],
  ['too many mentions', 'update_message', { text: 'x', mentions: Array(51).fill('u'.repeat(16)) }, 'too_large'],
  ['a word as a reaction', 'set_reaction', { emoji: 'ok', on: true }, 'invalid'],
  ['two emoji as one', 'set_reaction', { emoji: '👍👍', on: true }, 'invalid'],
  ['a long emoji', 'set_reaction', { emoji: '👍'.repeat(17), on: true }, 'invalid'],
  ['no emoji', 'set_reaction', { on: true }, 'invalid'],
  ['neither on nor off', 'set_reaction', { emoji: '👍', on: 1 }, 'invalid'],
  ['a messageId that is none', 'delete_message', { messageId: 'x' }, 'invalid'],
  ['too many ids', 'find_messages', { messageIds: Array(101).fill('m'.repeat(16)) }, 'too_large'],
  ['two places', 'get_messages', { before: 2, after: 1 }, 'invalid'],
  ['a place that is none', 'get_messages', { around: -1 }, 'invalid'],
  ['nothing to look for', 'search_messages', { query: '' }, 'invalid'],
  ['a long query', 'search_messages', { query: 'x'.repeat(201) }, 'invalid'],
  ['too many results', 'search_messages', { query: 'x', limit: 51 }, 'invalid'],
  ['a made-up cursor', 'search_messages', { query: 'x', before: '1' }, 'invalid'],
])('%s is refused: %s', async (_name, action, data, code) => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const { messageId } = await post(ada, roomId, 'Hello');
  ada.client.send(JSON.stringify({ id: 'bad', action, data: { roomId, messageId, ...data } }));
  const answer = await ada.client.waitFor((item) => 'id' in item && item.id === 'bad');
  expect(answer).toMatchObject({ error: { code } });
  const { messages, head } = await ada.client.command('get_messages', { roomId });
  expect([messages[0]?.text, head]).toEqual(['Hello', 1]);
});

test('a message arrives with its reply and mentions, and a page around it can be read', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  const roomId = await newRoom(ada, bob);
  const question = await post(bob, roomId, 'Why?');
  const mentions = [bob.user.userId];
  const answer = await post(ada, roomId, '@Bob because', { replyTo: question.messageId, mentions });
  expect(answer).toMatchObject({ replyTo: question.messageId, mentions });
  const page = await bob.client.command('get_messages', { roomId, around: 2, limit: 1 });
  expect(page).toMatchObject({ messages: [answer], more: true, moreAfter: false });
  const found = await bob.client.command('find_messages', { roomId, messageIds: [question.messageId] });
  expect(found).toEqual({ messages: [question], users: [{ userId: bob.user.userId, displayName: 'Bob' }] });
});

test('search finds words soon after they are written, in the user’s own rooms only', async () => {
  const [ada, bob, eve] = [
    await newTestUser(parley, 'Ada'),
    await newTestUser(parley, 'Bob'),
    await newTestUser(parley),
  ];
  const roomId = await newRoom(ada, bob);
  const written = await post(bob, roomId, 'The aardvark, 土豚, خنزير الأرض');
  const find = async ({ client }: TestUser, query: string) =>
    (await client.command('search_messages', { query })).messages.map(({ messageId }) => messageId);
  await expect.poll(() => find(ada, 'aardvark')).toEqual([written.messageId]);
  expect(await find(ada, '土豚')).toEqual([written.messageId]);
  expect(await find(ada, 'خنزير')).toEqual([written.messageId]);
  expect(await find(eve, 'aardvark')).toEqual([]);
  const { users } = await ada.client.command('search_messages', { query: 'aardvark', roomId, userId: bob.user.userId });
  expect(users).toEqual([{ userId: bob.user.userId, displayName: 'Bob' }]);
  expect(await refusal(eve, 'search_messages', { query: 'aardvark', roomId })).toBe('not_member');
  await bob.client.command('delete_message', { roomId, messageId: written.messageId });
  expect(await find(ada, 'aardvark')).toEqual([]);
});

test('an image of a deleted message is gone for every user', async () => {
  const ada = await newTestUser(parley);
  const roomId = await newRoom(ada);
  const form = new FormData();
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  form.set('file', new Blob([png], { type: 'image/png' }), 'dot.png');
  const headers = { cookie: ada.cookie, 'x-parley-user': ada.user.userId, origin: parley.url };
  const uploaded = await fetch(`${parley.url}/api/attachments`, { method: 'POST', headers, body: form });
  const { attachment } = (await uploaded.json()) as { attachment: { attachmentId: AttachmentId } };
  const image = () => fetch(`${parley.url}/api/attachments/${attachment.attachmentId}`, { headers });
  const sent = { roomId, messageId: newMessageId(), text: '', attachmentIds: [attachment.attachmentId] };
  const again = () => ada.client.command('create_message', sent);
  const { message } = await again();
  expect((await image()).status).toBe(200);
  const deleted = await ada.client.command('delete_message', { roomId, messageId: message.messageId });
  expect((await image()).status).toBe(404);
  expect(await again()).toEqual(deleted);
});

test('a second connection receives a reaction without the field mine', async () => {
  const ada = await newTestUser(parley);
  const other = await connect(parley, ada);
  const roomId = await newRoom(ada);
  const { messageId } = await post(ada, roomId, 'Hello');
  await ada.client.command('set_reaction', { roomId, messageId, emoji: '🎉', on: true });
  const event = await other.client.waitFor((item) => 'event' in item && item.event === 'reaction_changed');
  expect(JSON.stringify(event)).not.toContain('mine');
});
