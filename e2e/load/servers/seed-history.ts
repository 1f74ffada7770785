import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mongoose from 'mongoose';
import { markedText } from '../generator/marker.ts';

const DOCUMENTS_AT_A_TIME = 20_000;

/** Whose history it is, and how long. */
export interface SeededHistory {
  readonly roomId: string;
  readonly userId: string;
  readonly messages: number;
  readonly messageBytes: number;
}

/** Entries of the room's log from seq 1 on, each a message. */
function* entriesOf({ roomId, userId, messages, messageBytes }: SeededHistory) {
  const at = Date.now() - messages;
  for (let seq = 1; seq <= messages; seq += 1) {
    const data = { text: markedText({ number: seq, sentAt: 0 }, messageBytes) };
    const place = { roomId, seq, count: seq, memberDelta: 0, messageSeq: seq, at: at + seq };
    yield { ...place, entryId: randomUUID() as string, event: 'message_created', userId, data };
  }
}

export async function seedHistoryMongo(url: string, history: SeededHistory): Promise<void> {
  const client = await mongoose.mongo.MongoClient.connect(url, { writeConcern: { w: 1 } });
  try {
    let batch: object[] = [];
    const insert = async (): Promise<void> => {
      await client.db().collection('entries').insertMany(batch, { ordered: false });
      batch = [];
    };
    for (const entry of entriesOf(history)) {
      batch.push(entry);
      if (batch.length === DOCUMENTS_AT_A_TIME) await insert();
    }
    if (batch.length > 0) await insert();
  } finally {
    await client.close();
  }
}

export function seedHistorySqlite(dataDir: string, history: SeededHistory): void {
  const database = new DatabaseSync(join(dataDir, 'parley.sqlite'), { timeout: 10_000 });
  try {
    const insert = database.prepare(
      `INSERT INTO entries (room_id, seq, entry_id, event, user_id, at, count, member_delta, message_seq, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    database.exec('BEGIN IMMEDIATE');
    for (const { roomId, seq, entryId, event, userId, at, count, memberDelta, messageSeq, data } of entriesOf(
      history,
    )) {
      insert.run(roomId, seq, entryId, event, userId, at, count, memberDelta, messageSeq, JSON.stringify(data));
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
