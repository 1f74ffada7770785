import type { NewMessage } from '@parley/contracts';
import type { Message, RoomId } from '@parley/protocol';
import { describeWith } from '@parley/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { entriesOnNode, ReplicaSet } from '../testing/replica-set.ts';
import { openReplica, type Replica } from '../testing/replica.ts';
import { openMongoStore } from '../testing/stores.ts';
import { headOf, type Entry } from './entry.ts';

import { MongoLogRepository } from './log.repository.mongo.ts';
import { sequenceEntries } from './sequencing.ts';

const ada = newUser('Ada');
const message = (text: string): NewMessage => ({
  userId: ada.userId,
  messageId: newMessageId(),
  text,
  attachmentIds: [],
});

type MongoStore = Awaited<ReturnType<typeof openMongoStore>>;

describeWith('mongo', 'the room log on three nodes of MongoDB', () => {
  let nodes: ReplicaSet;
  let databaseUrl: string;
  /** Two replicas of the message service, each with its own connection. */
  let stores: [MongoStore, MongoStore];
  let one: Replica;
  let two: Replica;
  let roomId: RoomId;

  beforeAll(async () => {
    nodes = await ReplicaSet.start();
    databaseUrl = nodes.databaseUrl();
    stores = [await openMongoStore(databaseUrl), await openMongoStore(databaseUrl)];
    await stores[0].rooms.addUsers(ada);
  });
  beforeEach(async () => {
    [one, two] = [openReplica(stores[0]), openReplica(stores[1])];
    roomId = newRoomId();
    await stores[0].rooms.addMembers(roomId, ada);
  });
  afterEach(() => nodes.repair());
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await nodes.stop();
  });

  const send = async (replica: Replica, ...messages: NewMessage[]) => {
    const { results } = await replica.api.appendMessages({ batches: [{ roomId, messages }] });
    return results.flat();
  };
  const codes = async (replica: Replica, ...messages: NewMessage[]) =>
    (await send(replica, ...messages)).map((result) => ('error' in result ? result.error.code : 'ok'));
  /** As a client does: the same messageId again until it is acknowledged. */
  const sendUntilStored = (replica: Replica, sent: NewMessage): Promise<Message> =>
    vi.waitFor(
      async () => {
        const [result] = await send(replica, sent);
        if (result && 'message' in result) return result.message;
        expect(result?.error.code).toBe('unavailable');
        throw new Error(result?.error.message);
      },
      { timeout: 90_000, interval: 50 },
    );
  /** seq 1, 2, 3, … and every message at the place that its acknowledgement named. */
  const expectLog = async (acknowledged: readonly Message[]) => {
    const log = await stores[0].log.readEntries(roomId, { after: 0, limit: 10_000 });
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    expect(new Set(log.map(({ entryId }) => entryId)).size).toBe(log.length);
    for (const { seq, messageId } of acknowledged) expect(log[seq - 1]?.entryId).toBe(messageId);
    return log;
  };

  test('nothing is acknowledged without a majority, and retries are stored once when it is back', async () => {
    const before = await sendUntilStored(one, message('before'));
    const { secondaries } = await nodes.roles();
    await nodes.kill(...secondaries);
    const sent = [message('1'), message('2')];
    expect(await codes(one, ...sent)).toEqual(['unavailable', 'unavailable']);
    expect(await codes(one, message('3'))).toEqual(['unavailable']);
    await nodes.repair();
    const stored = await Promise.all(sent.map((each) => sendUntilStored(one, each)));
    const log = await expectLog([before, ...stored]);
    expect(log.filter(({ entryId }) => sent.some(({ messageId }) => messageId === entryId))).toHaveLength(2);
  }, 180_000);

  test('an entry on the primary only is never acknowledged, by this replica or another, and may be rolled back', async () => {
    const before = await sendUntilStored(one, message('before'));
    const { primary, secondaries } = await nodes.roles();
    await nodes.stopReplication(secondaries);
    const sent = message('lost, then sent again');
    expect(await codes(one, sent)).toEqual(['unavailable']);
    expect(await entriesOnNode(primary, databaseUrl, roomId)).toHaveLength(2);
    expect(await codes(two, sent)).toEqual(['unavailable']);
    const page = await one.api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 10 });
    expect([page.head, page.events.length]).toEqual([1, 1]);

    await nodes.kill(primary);
    await nodes.resumeReplication(secondaries);
    const other = await sendUntilStored(two, message('in its place'));
    const again = await sendUntilStored(one, sent);
    expect([other.seq, again.seq]).toEqual([2, 3]);
    await nodes.repair();
    expect(await expectLog([before, other, again])).toHaveLength(3);
  }, 180_000);

  test('the settled head includes the insert that another replica has in flight', async () => {
    await sendUntilStored(one, message('before'));
    const { primary, secondaries } = await nodes.roles();
    await nodes.stopReplication(secondaries);
    const inFlight = send(one, message('in flight'));
    await vi.waitFor(async () => expect(await entriesOnNode(primary, databaseUrl, roomId)).toHaveLength(2));
    const { log: repository } = stores[1];
    expect(await repository.readHead(roomId)).toMatchObject({ seq: 1 });
    const settled = repository.readSettledHead(roomId);
    await nodes.resumeReplication(secondaries);
    expect(await settled).toMatchObject({ seq: 2 });
    await inFlight;
  });

  test('an insert whose answer is lost is read back, acknowledged and published', async () => {
    class LosesAnswers extends MongoLogRepository {
      override async insertBatch(entries: readonly Entry[]): Promise<never> {
        await super.insertBatch(entries);
        throw new Error('The connection was lost.');
      }
    }
    const { connection } = stores[0];
    const repository = new LosesAnswers(connection, []);
    const replica = openReplica({ ...stores[0], log: repository });
    expect(await codes(replica, message('1'), message('2'))).toEqual(['ok', 'ok']);
    expect(replica.bus.broadcasts.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1, 2]);
    await expectLog([await sendUntilStored(one, message('3'))]);
  });

  test('an insert with a slow majority is acknowledged with the same seq, at the latest by a retry', async () => {
    await sendUntilStored(one, message('before'));
    await nodes.hideNextInsert();
    const sent = [message('1'), message('2')];
    await send(one, ...sent);
    const stored = await Promise.all(sent.map((each) => sendUntilStored(one, each)));
    expect(stored.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(await expectLog(stored)).toHaveLength(3);
  });

  test('a clash with a write concern error is not taken for a clean clash', async () => {
    const stored = await sendUntilStored(one, message('before'));
    const [entry] = await stores[0].log.findByEntryIds(roomId, [stored.messageId]);
    if (!entry) throw new Error('The message is not there.');
    const batch = sequenceEntries(headOf(entry), [entry], 0);
    expect(await stores[0].log.insertBatch(batch)).toEqual({ kind: 'clash', index: 0 });
    await nodes.hideNextInsert();
    await expect(stores[0].log.insertBatch(batch)).rejects.toThrow('waiting for replication timed out');
  });

  test('two replicas that write one room leave no hole or duplicate, and return the same order', async () => {
    const sent = Array.from({ length: 400 }, (_, index) => message(`${index}`));
    const stored = await Promise.all(sent.map((each, index) => sendUntilStored(index % 2 ? one : two, each)));
    expect(await expectLog(stored)).toHaveLength(400);
    const [first, second] = await Promise.all(
      [one, two].map((replica) => replica.api.getEvents({ userId: ada.userId, roomId, after: 0, limit: 200 })),
    );
    expect(first).toEqual(second);
  });

  test('the same message sent through two replicas at once is stored once, and both answer its seq', async () => {
    for (let round = 0; round < 20; round += 1) {
      const sent = message(`${round}`);
      const both = await Promise.all([sendUntilStored(one, sent), sendUntilStored(two, sent)]);
      expect(both[0]).toEqual(both[1]);
    }
    expect(await expectLog([])).toHaveLength(20);
  });

  test.each([
    ['a step-down', () => nodes.stepDown()],
    ['the death of the primary', async () => nodes.kill((await nodes.roles()).primary)],
  ])(
    '%s while messages are written loses and duplicates nothing',
    async (_name, interrupt) => {
      const texts = Array.from({ length: 30 }, (_, index) => `${index}`);
      // Each writer waits for its acknowledgement before it sends the next, as clients do.
      const write = async (replica: Replica): Promise<Message[]> => {
        const stored: Message[] = [];
        for (const text of texts) stored.push(await sendUntilStored(replica, message(text)));
        return stored;
      };
      const writers = Promise.all([one, two, one, two].map(write));
      await vi.waitFor(async () => expect((await expectLog([])).length).toBeGreaterThan(20), { timeout: 60_000 });
      await interrupt();
      const stored = await writers;
      await nodes.repair();
      expect(await expectLog(stored.flat())).toHaveLength(4 * texts.length);
      for (const own of stored)
        expect(own.map(({ seq }) => seq)).toEqual(own.map(({ seq }) => seq).sort((a, b) => a - b));
    },
    180_000,
  );
});
