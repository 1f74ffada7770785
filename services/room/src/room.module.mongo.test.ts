import { migrateMongo, mongoConnectionOptions } from '@parley/platform';
import type { OwnUser, RoomId } from '@parley/protocol';
import { describeWith, sharedMongo } from '@parley/testing';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mongoMigrations } from './room.migrations.mongo.ts';
import { FakeMessageApi } from './testing/fake-message-api.ts';
import { RoomServiceUnderTest } from './testing/room-service.ts';

const APP_NAME = 'parley-room-test';

/** The next commands of these names, by this test's connections alone, fail. */
const failNext = (connection: Connection, times: number, data: object): Promise<unknown> =>
  connection
    .getClient()
    .db('admin')
    .command({
      configureFailPoint: 'failCommand',
      mode: { times },
      data: { appName: APP_NAME, ...data },
    });

describeWith('mongo', 'two replicas of the room service over MongoDB', () => {
  const messages = new FakeMessageApi();
  let connection: Connection;
  let one: RoomServiceUnderTest;
  let other: RoomServiceUnderTest;
  let ada: OwnUser;
  let roomId: RoomId;

  beforeAll(async () => {
    const url = new URL((await sharedMongo()).databaseUrl());
    connection = await createConnection(url.href, mongoConnectionOptions()).asPromise();
    await migrateMongo(connection, 'room', mongoMigrations);
    url.searchParams.set('appName', APP_NAME);
    one = await RoomServiceUnderTest.startReplica(url.href, messages);
    other = await RoomServiceUnderTest.startReplica(url.href, messages);
    ada = await one.signUp('Ada');
  });
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await connection.dropDatabase();
    await connection.close();
  });
  beforeEach(async () => {
    ({
      room: { roomId },
    } = await one.createRoom(ada));
  });

  const people: OwnUser[] = [];
  const person = async (index: number): Promise<OwnUser> => (people[index] ??= await one.signUp());
  const add = (service: RoomServiceUnderTest, ...added: OwnUser[]): ReturnType<typeof service.api.addMembers> =>
    service.api.addMembers({ userId: ada.userId, roomId, memberIds: added.map(({ userId }) => userId) });

  test('20 added and leaving at once at both leave room, versions and log right', async () => {
    const others: OwnUser[] = [];
    for (let index = 0; index < 20; index++) others.push(await person(index));
    const [leaving, joining] = [others.slice(0, 10), others.slice(10)];
    await add(one, ...leaving);
    await Promise.all([
      ...leaving.map(({ userId }, n) => (n % 2 ? one : other).api.leaveRoom({ userId, roomId })),
      ...joining.map((user, n) => add(n % 2 ? one : other, user)),
    ]);

    const { rooms } = await other.api.getRooms({ roomIds: [roomId] });
    const { members } = await one.api.getMembers({ userId: ada.userId, roomId, limit: 100 });
    expect(rooms).toMatchObject([
      { memberCount: 11, members: members.slice(0, 5).map(({ userId, displayName }) => ({ userId, displayName })) },
    ]);
    expect(new Set(members.map(({ userId }) => userId))).toEqual(
      new Set([ada, ...joining].map(({ userId }) => userId)),
    );
    for (const { userId } of leaving) expect((await one.api.getMemberships({ userId })).roomsVersion).toBe(2);
    for (const { userId } of joining) expect((await one.api.getMemberships({ userId })).roomsVersion).toBe(1);
    const log = messages.logOf(roomId);
    expect(log).toHaveLength(30);
    expect(new Set(log.map(({ event, userId }) => `${event} ${userId}`)).size).toBe(30);
  });

  test('both sweeping at once announce a join once', async () => {
    const ben = await person(0);
    messages.failing = 'after';
    await expect(add(one, ben)).rejects.toMatchObject({ code: 'unavailable' });
    messages.failing = 'no';
    one.now = other.now += 10_000;
    await Promise.all([one, other, one, other].map(({ announcer }) => announcer.announceOverdue()));
    expect(messages.logOf(roomId)).toEqual([{ event: 'member_joined', userId: ben.userId }]);
    const { memberships } = await other.api.getMemberships({ userId: ben.userId });
    expect(memberships.find((membership) => membership.roomId === roomId)).toMatchObject({ readSeq: 1 });
  });

  test('a transaction that meets a failover is tried again', async () => {
    const ben = await person(0);
    await failNext(connection, 1, {
      failCommands: ['insert'],
      errorCode: 10107,
      errorLabels: ['TransientTransactionError'],
    });
    expect((await add(one, ben)).room.memberCount).toBe(2);
    expect(messages.logOf(roomId)).toHaveLength(1);
  });

  test('what cannot be done while there is no primary is unavailable, and works after', async () => {
    await failNext(connection, 4, { failCommands: ['find'], errorCode: 10107 });
    const lookup = { userId: ada.userId };
    await expect(one.api.getMemberships(lookup)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await failNext(connection, 0, { failCommands: ['find'], errorCode: 10107 });
    expect((await one.api.getMemberships(lookup)).memberships.length).toBeGreaterThan(0);
  });

  test('a lost connection is unavailable, and a fault of ours is not', async () => {
    await failNext(connection, 4, { failCommands: ['find'], closeConnection: true });
    const lookup = { userId: ada.userId };
    await expect(one.api.getMemberships(lookup)).rejects.toMatchObject({ code: 'unavailable' });
    const BAD_VALUE = 2;
    await failNext(connection, 1, { failCommands: ['find'], errorCode: BAD_VALUE });
    await expect(one.api.getMemberships(lookup)).rejects.not.toMatchObject({ code: 'unavailable' });
  });

  test('no query scans a collection', async () => {
    await connection.db?.command({ profile: 2 });
    const { email } = await one.signUp('Cleo');
    const session = await one.api.createSession({ email, password: 'correct horse' });
    one.now += 3_600_001;
    await one.api.getSession(session);
    await one.api.findEndedSessions({ sessionIds: [session.sessionId] });
    await one.api.deleteSession(session);
    await one.api.findUsers({ userId: ada.userId, query: 'cle' });
    await add(one, await person(0), await person(1));
    const { token } = await one.api.createInvitation({ userId: ada.userId, roomId });
    await one.api.joinRoom({ userId: (await person(2)).userId, token });
    await one.api.getMembers({ userId: ada.userId, roomId, limit: 2 });
    await one.api.getRooms({ roomIds: [roomId] });
    await one.api.getMemberships({ userId: ada.userId });
    await one.api.leaveRoom({ userId: (await person(1)).userId, roomId });
    await expect(one.api.leaveRoom({ userId: (await person(3)).userId, roomId })).rejects.toThrow();
    await one.announcer.announceOverdue();
    one.clock.advance(3_600_000);
    await connection.db?.command({ profile: 0 });

    const profile = connection.collection('system.profile');
    const plans = await profile.find({ appName: APP_NAME, planSummary: { $exists: true } }).toArray();
    expect(plans.length).toBeGreaterThan(20);
    const scans = plans.filter(({ planSummary }) => String(planSummary).includes('COLLSCAN'));
    expect(scans.map(({ command }) => JSON.stringify(command).slice(0, 200))).toEqual([]);
  });
});
