import { migrateMongo, mongoConnectionOptions } from '@parley/platform';
import type { OwnUser, RoomId } from '@parley/protocol';
import { describeWith, sharedMongo } from '@parley/testing';
import { createConnection, type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { roomMigrations } from './migrations.ts';
import { FakeMessageApi } from './testing/fake-message-api.ts';
import { RoomServiceUnderTest } from './testing/room-service.ts';

const APP_NAME = 'parley-room-test';

/** Makes the next `times` matching commands of this test's connections fail. */
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
  let first: RoomServiceUnderTest;
  let second: RoomServiceUnderTest;
  let ada: OwnUser;
  let roomId: RoomId;

  beforeAll(async () => {
    const url = new URL((await sharedMongo()).databaseUrl());
    connection = await createConnection(url.href, mongoConnectionOptions()).asPromise();
    await migrateMongo(connection, 'room', roomMigrations.mongo);
    url.searchParams.set('appName', APP_NAME);
    first = await RoomServiceUnderTest.startReplica(url.href, messages);
    second = await RoomServiceUnderTest.startReplica(url.href, messages);
    ada = await first.signUp('Ada');
  });
  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await connection.dropDatabase();
    await connection.close();
  });
  beforeEach(async () => {
    ({
      room: { roomId },
    } = await first.createRoom(ada));
  });

  const users: OwnUser[] = [];
  const userAt = async (index: number): Promise<OwnUser> => (users[index] ??= await first.signUp());
  const add = (service: RoomServiceUnderTest, ...added: OwnUser[]): ReturnType<typeof service.api.addMembers> =>
    service.api.addMembers({ userId: ada.userId, roomId, memberIds: added.map(({ userId }) => userId) });

  test('20 concurrent joins and leaves at both replicas keep room, versions and log consistent', async () => {
    const others: OwnUser[] = [];
    for (let index = 0; index < 20; index++) others.push(await userAt(index));
    const [leavers, joiners] = [others.slice(0, 10), others.slice(10)];
    await add(first, ...leavers);
    await Promise.all([
      ...leavers.map(({ userId }, n) => (n % 2 ? first : second).api.leaveRoom({ userId, roomId })),
      ...joiners.map((user, n) => add(n % 2 ? first : second, user)),
    ]);

    const { rooms } = await second.api.getRooms({ roomIds: [roomId] });
    const { members } = await first.api.getMembers({ userId: ada.userId, roomId, limit: 100 });
    expect(rooms).toMatchObject([
      { memberCount: 11, members: members.slice(0, 5).map(({ userId, displayName }) => ({ userId, displayName })) },
    ]);
    expect(new Set(members.map(({ userId }) => userId))).toEqual(
      new Set([ada, ...joiners].map(({ userId }) => userId)),
    );
    for (const { userId } of leavers) expect((await first.api.getMemberships({ userId })).roomsVersion).toBe(2);
    for (const { userId } of joiners) expect((await first.api.getMemberships({ userId })).roomsVersion).toBe(1);
    const log = messages.logOf(roomId);
    expect(log).toHaveLength(30);
    expect(new Set(log.map(({ event, userId }) => `${event} ${userId}`)).size).toBe(30);
  });

  test('concurrent calls of announceOverdue at both replicas announce a join once', async () => {
    const ben = await userAt(0);
    messages.failing = 'after';
    await expect(add(first, ben)).rejects.toMatchObject({ code: 'unavailable' });
    messages.failing = 'no';
    first.now = second.now += 10_000;
    await Promise.all([first, second, first, second].map(({ announcer }) => announcer.announceOverdue()));
    expect(messages.logOf(roomId)).toEqual([{ event: 'member_joined', userId: ben.userId }]);
    const { memberships } = await second.api.getMemberships({ userId: ben.userId });
    expect(memberships.find((membership) => membership.roomId === roomId)).toMatchObject({ readSeq: 1 });
  });

  test('a transaction is retried after a failover', async () => {
    const ben = await userAt(0);
    await failNext(connection, 1, {
      failCommands: ['insert'],
      errorCode: 10107,
      errorLabels: ['TransientTransactionError'],
    });
    expect((await add(first, ben)).room.memberCount).toBe(2);
    expect(messages.logOf(roomId)).toHaveLength(1);
  });

  test('a request without a primary is unavailable, and succeeds afterwards', async () => {
    await failNext(connection, 4, { failCommands: ['find'], errorCode: 10107 });
    const lookup = { userId: ada.userId };
    await expect(first.api.getMemberships(lookup)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await failNext(connection, 0, { failCommands: ['find'], errorCode: 10107 });
    expect((await first.api.getMemberships(lookup)).memberships.length).toBeGreaterThan(0);
  });

  test('a lost connection is unavailable, and an invalid command is not', async () => {
    await failNext(connection, 4, { failCommands: ['find'], closeConnection: true });
    const lookup = { userId: ada.userId };
    await expect(first.api.getMemberships(lookup)).rejects.toMatchObject({ code: 'unavailable' });
    const BAD_VALUE = 2;
    await failNext(connection, 1, { failCommands: ['find'], errorCode: BAD_VALUE });
    await expect(first.api.getMemberships(lookup)).rejects.not.toMatchObject({ code: 'unavailable' });
  });

  test('no query scans a collection', async () => {
    await connection.db?.command({ profile: 2 });
    const { email } = await first.signUp('Cleo');
    const session = await first.api.createSession({ email, password: 'correct horse' });
    first.now += 3_600_001;
    await first.api.getSession(session);
    await first.api.findEndedSessions({ sessionIds: [session.sessionId] });
    await first.api.deleteSession(session);
    await first.api.findUsers({ userId: ada.userId, query: 'cle' });
    await add(first, await userAt(0), await userAt(1));
    const { token } = await first.api.createInvitation({ userId: ada.userId, roomId });
    await first.api.joinRoom({ userId: (await userAt(2)).userId, token });
    await first.api.getMembers({ userId: ada.userId, roomId, limit: 2 });
    await first.api.getRooms({ roomIds: [roomId] });
    await first.api.getMemberships({ userId: ada.userId });
    await first.api.leaveRoom({ userId: (await userAt(1)).userId, roomId });
    await expect(first.api.leaveRoom({ userId: (await userAt(3)).userId, roomId })).rejects.toThrow();
    await first.announcer.announceOverdue();
    first.clock.advance(3_600_000);
    await connection.db?.command({ profile: 0 });

    const profile = connection.collection('system.profile');
    const plans = await profile.find({ appName: APP_NAME, planSummary: { $exists: true } }).toArray();
    expect(plans.length).toBeGreaterThan(20);
    const scans = plans.filter(({ planSummary }) => String(planSummary).includes('COLLSCAN'));
    expect(scans.map(({ command }) => JSON.stringify(command).slice(0, 200))).toEqual([]);
  });
});
