import { describeWith } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPOSITIONS, isBesidePreviousRelease } from '../harness/compositions.ts';
import { startCluster, type RunningCluster, type RunningParley } from '../harness/parley.ts';
import { TestUser } from '../harness/test-user.ts';

const presenceIs =
  (of: TestUser, status: string) =>
  (item: object): boolean =>
    'event' in item &&
    item.event === 'presence_changed' &&
    'data' in item &&
    (item.data as { userId: string }).userId === of.userId &&
    (item.data as { status: string }).status === status;

for (const { mode, needs, start } of COMPOSITIONS) {
  describeWith(needs, `people in their rooms (${mode})`, () => {
    let parley: RunningParley;

    beforeAll(async () => {
      parley = await start();
    });

    afterAll(() => parley?.stop());

    /** At one gateway and the other, where there are two. */
    const two = async (): Promise<[TestUser, TestUser]> => [
      await TestUser.signUp(parley.urls[0], 'Ada'),
      await TestUser.signUp(parley.urls.at(-1) ?? '', 'Bob'),
    ];

    test('a read position reaches the user’s other devices and the other members, at every gateway', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const elsewhere = await TestUser.connect(ada.url, bob.session);
      await ada.say(roomId, 'one');
      await ada.say(roomId, 'two');
      const counts = { readCount: 2, mentionCount: 0 };
      expect(await bob.client.command('read_room', { roomId, seq: 99 })).toEqual({ readSeq: 2, ...counts });
      const roomRead = (item: object): boolean => 'event' in item && item.event === 'room_read';
      const data = { roomId, userId: bob.userId, seq: 2 };
      expect(await elsewhere.client.waitFor(roomRead)).toEqual({ event: 'room_read', data: { ...data, ...counts } });
      expect(await ada.client.waitFor(roomRead)).toEqual({ event: 'room_read', data });
      const again = await TestUser.connect(ada.url, bob.session);
      expect(again.connected.rooms).toMatchObject([{ readSeq: 2, readCount: 2, count: 2 }]);
    });

    test('a typing notice reaches the members at every gateway', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      await bob.receives('room_created', roomId);
      await ada.client.command('set_typing', { roomId });
      const typing = await bob.client.waitFor((item) => 'event' in item && item.event === 'typing');
      expect(typing).toEqual({ event: 'typing', data: { roomId, userId: ada.userId } });
    });

    test('a removed member loses the room at every gateway, and the others see who removed them', async () => {
      const [ada, bob] = await two();
      const roomId = await ada.createRoom(bob);
      const elsewhere = await TestUser.connect(ada.url, bob.session);
      await ada.client.command('rename_room', { roomId, name: 'Tea' });
      await ada.client.command('remove_member', { roomId, userId: bob.userId });
      for (const one of [bob, elsewhere]) {
        await one.receives('room_removed', roomId);
        expect(one.eventsOf(roomId).slice(-3)).toEqual(['room_renamed 1', 'member_left 2', 'room_removed']);
        await expect(one.say(roomId, 'Still here?')).rejects.toMatchObject({ code: 'not_member' });
      }
      await ada.sees(roomId, 2);
      expect(ada.entries(roomId).map(({ data }) => data)).toEqual([
        { name: 'Tea', userId: ada.userId },
        { userId: bob.userId, removedBy: ada.userId },
      ]);
    });

    test('presence reaches the members at every gateway', async () => {
      const [ada, bob] = await two();
      await ada.createRoom(bob);
      const status = async () => (await ada.client.command('get_presence', { userIds: [bob.userId] })).presence;
      await expect.poll(status, { timeout: 20_000 }).toEqual([{ userId: bob.userId, status: 'online' }]);
      await bob.client.command('set_away', { away: true });
      await ada.client.waitFor(presenceIs(bob, 'away'));
      await bob.client.close();
      await ada.client.waitFor(presenceIs(bob, 'offline'));
    });
  });
}

const describeOnce: typeof describeWith = isBesidePreviousRelease ? () => undefined : describeWith;
describeOnce(['mongo', 'valkey'], 'a gateway that is killed', () => {
  let parley: RunningCluster;

  beforeAll(async () => {
    parley = await startCluster();
  });

  afterAll(() => parley?.stop());

  test('takes its people with it, but for those who come back elsewhere', { timeout: 120_000 }, async () => {
    const [here, there] = [parley.urls[0], parley.urls.at(-1) ?? ''];
    const ada = await TestUser.signUp(there, 'Ada');
    const [gone, back] = [await TestUser.signUp(here, 'Gone'), await TestUser.signUp(here, 'Back')];
    await ada.createRoom(gone, back);
    const userIds = [gone.userId, back.userId];
    const statuses = async () =>
      (await ada.client.command('get_presence', { userIds })).presence.map(({ status }) => status);
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(['online', 'online']);
    await parley.crash('gateway');
    await TestUser.connect(there, back.session);
    await ada.client.waitFor(presenceIs(gone, 'offline'));
    expect(await statuses()).toEqual(['offline', 'online']);
    expect(ada.client.items.some(presenceIs(back, 'offline'))).toBe(false);
  });
});
