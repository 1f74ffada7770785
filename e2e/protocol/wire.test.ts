import { describeWith, signIn, signUp } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPOSITIONS } from '../harness/compositions.ts';
import type { RunningParley } from '../harness/parley.ts';
import { newMessageId, TestUser } from '../harness/test-user.ts';

const SESSION_ENDED = 4001;

for (const { mode, needs, start } of COMPOSITIONS) {
  describeWith(needs, `the wire (${mode})`, () => {
    let parley: RunningParley;

    beforeAll(async () => {
      parley = await start();
    });

    afterAll(() => parley?.stop());

    /** The first gateway's, and the last's: the same one where there is only one. */
    const urls = (): [string, string] => [parley.urls[0], parley.urls.at(-1) ?? ''];

    /** As many people as names, at one gateway and the other in turn. */
    const people = (...names: readonly string[]): Promise<TestUser[]> =>
      Promise.all(names.map((name, index) => TestUser.signUp(urls()[index % 2] ?? '', name)));

    async function two(): Promise<[TestUser, TestUser]> {
      const [ada, bob] = await people('Ada', 'Bob');
      if (ada === undefined || bob === undefined) throw new RangeError('Two names make two people.');
      return [ada, bob];
    }

    test('a session is good at every gateway', async () => {
      const [here, there] = urls();
      const account = await signUp(here, { displayName: 'Ada' });
      const { cookie, user } = await signIn(there, account);
      expect(user).toEqual(account.user);
      for (const url of [here, there]) {
        const response = await fetch(`${url}/api/me`, { headers: { cookie } });
        expect(await response.json()).toEqual({ user });
      }
    });

    test('logging out closes the sockets of that session at every gateway, and no others', async () => {
      const [here, there] = urls();
      const account = await signUp(here, { displayName: 'Ada' });
      const other = await TestUser.connect(there, await signIn(here, account));
      const sockets = [await TestUser.connect(here, account), await TestUser.connect(there, account)];
      const headers = { cookie: account.cookie, origin: new URL(here).origin };
      const response = await fetch(`${here}/api/sessions/current`, { method: 'DELETE', headers });
      expect(response.status).toBe(204);
      for (const { client } of sockets) expect(await client.closed).toMatchObject({ code: SESSION_ENDED });
      expect(await other.client.command('get_user_rooms')).toMatchObject({ rooms: [] });
    });

    test('a new room reaches its members before any of its events', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      await ada.say(roomId, 'Hello');
      await bob.sees(roomId, 1);
      expect(bob.eventsOf(roomId)).toEqual(['room_created', 'message_created 1']);
    });

    test('messages of one connection to one room are stored in the order sent', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const texts = Array.from({ length: 40 }, (_, index) => `message ${index}`);
      const messages = await Promise.all(texts.map((text) => ada.say(roomId, text)));
      expect(messages.map(({ seq }) => seq)).toEqual(texts.map((_, index) => index + 1));
      await bob.sees(roomId, texts.length);
      expect(bob.entries(roomId).map(({ data }) => 'message' in data && data.message.text)).toEqual(texts);
    });

    test('all members receive concurrent messages in the same order', async () => {
      const everybody = await people('Ada', 'Bob', 'Cleo', 'Dan');
      const [ada, ...others] = everybody;
      const roomId = (await ada?.createRoom(...others)) ?? expect.fail();
      const saying = everybody.flatMap((person) =>
        Array.from({ length: 10 }, (_, index) => person.say(roomId, `${index}`)),
      );
      await Promise.all(saying);
      await Promise.all(everybody.map((person) => person.sees(roomId, saying.length)));
      const { events } = (await ada?.client.command('get_events', { roomId, after: 0 })) ?? expect.fail();
      expect(events.map(({ seq }) => seq)).toEqual(saying.map((_, index) => index + 1));
      for (const person of everybody) expect(person.entries(roomId)).toEqual(events);
    });

    test('what is sent again is one message, also through another gateway', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const messageId = newMessageId();
      const elsewhere = await TestUser.connect(bob.url, ada.session);
      const answers = await Promise.all([ada, ada, elsewhere].map((one) => one.say(roomId, 'Once', messageId)));
      answers.push(await elsewhere.say(roomId, 'Once', messageId));
      const { messages } = await bob.client.command('get_messages', { roomId });
      expect(messages).toHaveLength(1);
      expect(answers).toEqual(answers.map(() => messages[0]));
    });

    test('a messageId that another user has used is a conflict', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const { messageId } = await ada.say(roomId, 'Mine');
      await expect(bob.say(roomId, 'Mine', messageId)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('messages are read backwards, page by page, to the first', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      for (let seq = 1; seq <= 5; seq++) await ada.say(roomId, `message ${seq}`);
      const pages: number[][] = [];
      for (let before: number | undefined, more = true; more; before = pages.at(-1)?.[0]) {
        const page = await bob.client.command('get_messages', { roomId, limit: 2, ...(before ? { before } : {}) });
        expect(page.head).toBe(5);
        pages.push(page.messages.map(({ seq }) => seq));
        more = page.more;
      }
      expect(pages).toEqual([[4, 5], [2, 3], [1]]);
    });

    test('events are read forwards, page by page, to the head', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom();
      await ada.say(roomId, 'Before');
      await ada.client.command('add_members', { roomId, memberIds: [bob.userId] });
      await ada.say(roomId, 'After');
      const first = await bob.client.command('get_events', { roomId, after: 0, limit: 2 });
      const second = await bob.client.command('get_events', { roomId, after: 2, limit: 2 });
      expect([first.head, second.head]).toEqual([3, 3]);
      expect([...first.events, ...second.events].map(({ event, seq }) => `${event} ${seq}`)).toEqual([
        'message_created 1',
        'member_joined 2',
        'message_created 3',
      ]);
    });

    test('an added member gets the room as it is, and then its events', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom();
      await ada.say(roomId, 'Before');
      await ada.client.command('add_members', { roomId, memberIds: [bob.userId] });
      await bob.receives('room_created', roomId);
      await ada.say(roomId, 'After');
      await bob.sees(roomId, 3);
      expect(bob.eventsOf(roomId).filter((event) => !event.startsWith('member_joined'))).toEqual([
        'room_created',
        'message_created 3',
      ]);
    });

    test('an invitation admits a user, and the others see them join', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom();
      const { token } = await ada.client.command('create_invitation', { roomId });
      const { room } = await bob.client.command('join_room', { token });
      expect(room).toMatchObject({ roomId, memberCount: 2, head: 1 });
      await ada.sees(roomId, 1);
      expect(ada.entries(roomId)).toMatchObject([
        { event: 'member_joined', data: { user: { userId: bob.userId, displayName: 'Bob' } } },
      ]);
    });

    test('the user’s own leaving is the last event of a room, on every connection', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const elsewhere = await TestUser.connect(ada.url, bob.session);
      await bob.client.command('leave_room', { roomId });
      await ada.say(roomId, 'They are gone');
      await ada.sees(roomId, 2);
      for (const one of [bob, elsewhere]) {
        await one.receives('room_removed', roomId);
        expect(one.eventsOf(roomId).slice(-2)).toEqual(['member_left 1', 'room_removed']);
        await expect(one.client.command('get_events', { roomId, after: 0 })).rejects.toMatchObject({
          code: 'not_member',
        });
      }
    });

    test('a new connection gets all rooms, the one with the newest message first', async () => {
      const [ada, bob] = await two();
      const rooms = [await ada.createRoom(bob), await ada.createRoom(bob), await ada.createRoom(bob)];
      for (const roomId of [...rooms].reverse()) await ada.say(roomId, 'Hello');
      const { connected } = await TestUser.connect(ada.url, bob.session);
      expect(connected.rooms.map(({ roomId, head, lastMessage }) => [roomId, head, lastMessage?.text])).toEqual(
        rooms.map((roomId) => [roomId, 1, 'Hello']),
      );
    });
  });
}
