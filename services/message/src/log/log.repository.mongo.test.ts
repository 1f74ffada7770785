import { describeWith, sharedMongo } from '@parley/testing';
import type { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMessageId, newRoomId, newUser } from '../testing/room-records.ts';
import { openMongoStore } from '../testing/stores.ts';
import { describeLogRepository } from './log.repository.contract.ts';
import { headsPipeline } from './log.repository.mongo.ts';
import { emptyHead } from './log.repository.ts';
import { sequenceEntries } from './sequencing.ts';

const open = async () => openMongoStore((await sharedMongo()).databaseUrl());
const messages = (count: number) =>
  Array.from({ length: count }, () => ({
    event: 'message_created' as const,
    entryId: newMessageId(),
    userId: newUser('').userId,
    data: { text: 'Hello' },
  }));

describeWith('mongo', 'MongoDB', () => {
  describeLogRepository('MongoDB', open);

  describe('commands of the log repository to MongoDB', () => {
    let store: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const commandsOf = async (work: () => Promise<unknown>) => {
      const commands: mongo.CommandStartedEvent[] = [];
      const note = (event: mongo.CommandStartedEvent): unknown => commands.push(event);
      store.connection.getClient().on('commandStarted', note);
      await work();
      store.connection.getClient().off('commandStarted', note);
      return commands.map(({ command, commandName }) => ({ ...command, commandName }));
    };

    test('an insert asks for a journalled majority within 3 seconds', async () => {
      const entries = sequenceEntries(emptyHead(newRoomId()), messages(3), 0);
      const commands = await commandsOf(() => store.log.insertBatch(entries));
      expect(commands).toEqual([
        expect.objectContaining({
          insert: 'entries',
          ordered: true,
          writeConcern: { w: 'majority', j: true, wtimeout: 3_000 },
        }),
      ]);
      expect(commands[0]).toHaveProperty('documents.length', 3);
    });

    test('every read has majority read concern, on the primary', async () => {
      const roomId = newRoomId();
      const { log: repository, members } = store;
      const { userId } = newUser('');
      const commands = await commandsOf(async () => {
        await repository.readHead(roomId);
        await repository.readHeads([roomId]);
        await repository.findByEntryIds(roomId, [newMessageId()]);
        await repository.readEntries(roomId, { after: 0, limit: 1 });
        await repository.readMessages(roomId, { before: 1, limit: 1 });
        await repository.readMessagesAt([{ roomId, messageSeq: 1 }]);
        await members.findMembers(roomId, [userId]);
        await members.findUsers([userId]);
      });
      expect(commands).toHaveLength(8);
      for (const command of commands) {
        expect(command).toMatchObject({ readConcern: { level: 'majority' } });
        expect(command).not.toHaveProperty('$readPreference.mode', 'secondary');
      }
    });

    test('the heads of 20 rooms take one index key each, however long the logs are', async () => {
      const roomIds = Array.from({ length: 20 }, newRoomId);
      for (const roomId of roomIds) await store.log.insertBatch(sequenceEntries(emptyHead(roomId), messages(200), 0));
      const plan: unknown = await store.connection
        .collection('entries')
        .aggregate(headsPipeline(roomIds))
        .explain('executionStats');
      expect(JSON.stringify(plan)).toContain('DISTINCT_SCAN');
      expect(keysExamined(plan)).toBeLessThanOrEqual(21);
    });

    test('the last messages of 1,000 rooms take at most two index keys each', async () => {
      const positions = Array.from({ length: 1_000 }, () => ({ roomId: newRoomId(), messageSeq: 1 }));
      const entries = positions.flatMap(({ roomId }) => sequenceEntries(emptyHead(roomId), messages(1), 0));
      await store.connection.collection('entries').insertMany(entries.map((entry) => ({ ...entry })));
      expect(await store.log.readMessagesAt(positions)).toHaveLength(1_000);
      const plan: unknown = await store.connection
        .collection('entries')
        .find({ $or: positions.map(({ roomId, messageSeq }) => ({ roomId, seq: messageSeq })) })
        .hint({ roomId: 1, seq: 1 })
        .explain('executionStats');
      expect(keysExamined(plan)).toBeLessThanOrEqual(2_001);
    });
  });
});

/** The sum over the innermost stages. */
function keysExamined(plan: unknown): number {
  const [, total] = /"totalKeysExamined":(\d+)/.exec(JSON.stringify(plan)) ?? [];
  return Number(total);
}
