import { inject } from 'vitest';
import { mongoUrls, type MongoUrls } from './servers/mongo.ts';

/** The single-node replica set of this vitest run: started by the first call, stopped with the run. */
export async function sharedMongo(): Promise<MongoUrls> {
  const response = await fetch(inject('sharedMongoUrl'));
  if (!response.ok) throw new Error(await response.text());
  return mongoUrls((await response.json()) as number[]);
}
