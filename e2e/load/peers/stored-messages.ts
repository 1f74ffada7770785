import mongoose from 'mongoose';

export interface StoredMessage {
  readonly room: string;
  readonly user: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** The usual collection of messages; an insert is acknowledged when it is on a majority's disks, as Parley's is. */
export async function openStoredMessages(url: string): Promise<{ insert(message: StoredMessage): Promise<void> }> {
  const client = await mongoose.mongo.MongoClient.connect(url, { writeConcern: { w: 'majority', journal: true } });
  const messages = client.db().collection<StoredMessage>('messages');
  await messages.createIndex({ room: 1, createdAt: 1 });
  return {
    async insert(message) {
      await messages.insertOne({ ...message });
    },
  };
}
