import type { UserId } from '@parley/protocol';
import { uuidv7 } from '@parley/platform';
import { acceleratedClock } from '@parley/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, newPerson, newRoom, startParley, type Parley, type Person } from './testing/parley.ts';

let parley: Parley;
beforeAll(async () => {
  parley = await startParley({}, { clock: acceleratedClock(20) });
});
afterAll(() => parley.close());

const statusOf = async (asking: Person, { user }: Person): Promise<unknown> =>
  (await asking.client.command('get_presence', { userIds: [user.userId] })).presence;

async function isTold({ client }: Person, { user: { userId } }: Person, status: string): Promise<object> {
  return client.waitFor(
    (item) =>
      'event' in item &&
      item.event === 'presence_changed' &&
      item.data.userId === userId &&
      item.data.status === status,
  );
}

test('who shares a room is told who comes, is away, and goes, and finds it again by asking', async () => {
  const [ada, bob] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Bob')];
  await newRoom(ada, bob);
  const { userId } = bob.user;
  await expect.poll(() => statusOf(ada, bob), { timeout: 20_000 }).toEqual([{ userId, status: 'online' }]);

  expect(await bob.client.command('set_away', { away: true })).toEqual({});
  await isTold(ada, bob, 'away');
  const second = await connect(parley, bob);
  await isTold(ada, bob, 'online');
  await bob.client.close();
  await second.client.close();
  const gone = await isTold(ada, bob, 'offline');
  expect(gone).toMatchObject({ data: { lastSeenAt: expect.any(Number) as number } });
  await expect
    .poll(() => statusOf(ada, bob), { timeout: 20_000 })
    .toEqual([{ userId, status: 'offline', lastSeenAt: expect.any(Number) as number }]);
});

test('strangers are told nothing and find nothing', async () => {
  const [ada, eve] = [await newPerson(parley, 'Ada'), await newPerson(parley, 'Eve')];
  await newRoom(ada);
  await newRoom(eve);
  const userIds = [ada.user.userId, uuidv7() as UserId];
  expect(await eve.client.command('get_presence', { userIds })).toEqual({ presence: [] });
  expect(await eve.client.command('get_presence', { userIds: [] })).toEqual({ presence: [] });
});

test('bad questions are refused', async () => {
  const { client } = await newPerson(parley);
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
