import { createConnection, Schema, type Connection } from 'mongoose';
import { describeWith, sharedMongo } from '@parley/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SchemaTooNewError, SchemaTooOldError } from '../migrations.ts';
import { mongoConnectionOptions, mongoMigrationOptions } from './connection.ts';
import { assertMongoSchema, migrateMongo, type MongoMigration } from './migrate.ts';

const first: MongoMigration = {
  version: 1,
  up: async (db) => {
    await db.collection('rooms').createIndex({ roomId: 1 }, { name: 'by_room', unique: true });
  },
};
const second: MongoMigration = {
  version: 2,
  up: async (db) => {
    await db.collection('rooms').createIndex({ name: 1 }, { name: 'by_name' });
  },
};

describeWith('mongo', 'MongoDB', () => {
  let connection: Connection;

  beforeEach(async () => {
    const mongo = await sharedMongo();
    connection = await createConnection(mongo.databaseUrl(), {
      ...mongoConnectionOptions(),
      monitorCommands: true,
    }).asPromise();
  });

  afterEach(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  const indexNames = async (): Promise<unknown[]> => {
    const indexes = await connection.collection('rooms').indexes();
    return indexes.map(({ name }) => name);
  };

  test('runs migrations in order, each once, and accepts the schema afterwards', async () => {
    await migrateMongo(connection, 'room', [first]);
    await migrateMongo(connection, 'room', [first, second]);
    await migrateMongo(connection, 'room', [{ ...first, up: () => Promise.reject(new Error('again')) }, second]);
    expect(await indexNames()).toEqual(['_id_', 'by_room', 'by_name']);
    await assertMongoSchema(connection, 'room', [first, second]);
  });

  test('two migrations at the same time have the same result as one', async () => {
    const migrations = [first, second];
    await Promise.all([1, 2, 3].map(() => migrateMongo(connection, 'room', migrations)));
    expect(await indexNames()).toEqual(['_id_', 'by_room', 'by_name']);
    await assertMongoSchema(connection, 'room', migrations);
  });

  test('does not store the version of a failed migration', async () => {
    const broken: MongoMigration = { version: 2, up: () => Promise.reject(new Error('broken')) };
    await expect(migrateMongo(connection, 'room', [first, broken])).rejects.toThrow('broken');
    await assertMongoSchema(connection, 'room', [first]);
    await expect(assertMongoSchema(connection, 'room', [first, second])).rejects.toThrow(SchemaTooOldError);
  });

  test('rejects a database without a schema, with what to do', async () => {
    await expect(assertMongoSchema(connection, 'room', [first])).rejects.toThrow(
      'The data of room has schema version 0, but this release of Parley needs 1: run the migration of the room service first.',
    );
  });

  test('rejects data of a newer release in the service and in its migration', async () => {
    await migrateMongo(connection, 'room', [first, second]);
    await expect(assertMongoSchema(connection, 'room', [first])).rejects.toThrow(SchemaTooNewError);
    await expect(migrateMongo(connection, 'room', [first])).rejects.toThrow(SchemaTooNewError);
  });

  test('uses majority concerns in every command, and creates nothing outside of migrations', async () => {
    const sent: { name: string; writeConcern: unknown; readConcern: unknown }[] = [];
    connection.getClient().on('commandStarted', ({ commandName, command }) => {
      sent.push({ name: commandName, writeConcern: command['writeConcern'], readConcern: command['readConcern'] });
    });
    const Room = connection.model('Room', new Schema({ roomId: { type: String, index: true } }));
    await Room.insertMany([{ roomId: 'a' }], { lean: true });
    await Room.bulkWrite([{ insertOne: { document: { roomId: 'b' } } }]);
    await Room.find().lean();
    await Room.aggregate([{ $match: {} }]);
    const writeConcern = { w: 'majority', j: true, wtimeout: 3_000 };
    const readConcern = { level: 'majority' };
    expect(sent).toEqual([
      { name: 'insert', writeConcern, readConcern: undefined },
      { name: 'insert', writeConcern, readConcern: undefined },
      { name: 'find', writeConcern: undefined, readConcern },
      { name: 'aggregate', writeConcern: undefined, readConcern },
    ]);
    expect(await connection.collection('rooms').indexes()).toHaveLength(1);
  });

  test('puts no time limit on the writes of a migration', async () => {
    const { writeConcern, socketTimeoutMS } = mongoMigrationOptions();
    expect({ writeConcern, socketTimeoutMS }).toEqual({
      writeConcern: { w: 'majority', journal: true },
      socketTimeoutMS: 0,
    });
  });
});

test('fails within seconds when a server does not exist', async () => {
  const { serverSelectionTimeoutMS, connectTimeoutMS, socketTimeoutMS } = mongoConnectionOptions();
  expect([serverSelectionTimeoutMS, connectTimeoutMS, socketTimeoutMS]).toEqual([4_000, 4_000, 4_500]);
});
