import type { UserId } from '@parley/protocol';
import { uuidv7 } from '@parley/platform';
import { acceleratedClock } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, newTestUser, newRoom, startParley, type Parley, type TestUser } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({}, { clock: acceleratedClock(20) });
});
afterAll(() => parley.close());

const statusOf = async (asker: TestUser, { user }: TestUser): Promise<unknown> =>
  (await asker.client.command('get_presence', { userIds: [user.userId] })).presence;

async function receivesStatus({ client }: TestUser, { user: { userId } }: TestUser, status: string): Promise<object> {
  return client.waitFor(
    (item) =>
      'event' in item &&
      item.event === 'presence_changed' &&
      item.data.userId === userId &&
      item.data.status === status,
  );
}

test('members of a room receive each other’s status, and get_presence returns the same', async () => {
  const [ada, bob] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Bob')];
  await newRoom(ada, bob);
  const { userId } = bob.user;
  await expect.poll(() => statusOf(ada, bob), { timeout: 20_000 }).toEqual([{ userId, status: 'online' }]);

  expect(await bob.client.command('set_away', { away: true })).toEqual({});
  await receivesStatus(ada, bob, 'away');
  const second = await connect(parley, bob);
  await receivesStatus(ada, bob, 'online');
  await bob.client.close();
  await second.client.close();
  const gone = await receivesStatus(ada, bob, 'offline');
  expect(gone).toMatchObject({ data: { lastSeenAt: expect.any(Number) as number } });
  await expect
    .poll(() => statusOf(ada, bob), { timeout: 20_000 })
    .toEqual([{ userId, status: 'offline', lastSeenAt: expect.any(Number) as number }]);
});

test('get_presence returns nothing about users without a common room', async () => {
  const [ada, eve] = [await newTestUser(parley, 'Ada'), await newTestUser(parley, 'Eve')];
  await newRoom(ada);
  await newRoom(eve);
  const userIds = [ada.user.userId, uuidv7() as UserId];
  expect(await eve.client.command('get_presence', { userIds })).toEqual({ presence: [] });
  expect(await eve.client.command('get_presence', { userIds: [] })).toEqual({ presence: [] });
});

test('invalid presence commands are rejected', async () => {
  const { client } = await newTestUser(parley);
  const ids = Array.from({ length: 101 }, () => uuidv7() as UserId);
  expect(await client.command('get_presence', { userIds: ids.slice(1) })).toEqual({ presence: [] });
  await expect(client.command('get_presence', { userIds: ids })).rejects.toMatchObject({ code: 'too_large' });
  for (const bad of ['short', { $gt: '' }, null, 7]) {
    await expect(client.command('get_presence', { userIds: [bad as UserId] })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(client.command('set_away', { away: bad as unknown as boolean })).rejects.toMatchObject({
      code: 'invalid',
    });
  }
});
