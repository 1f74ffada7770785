import type { LookupFunction } from 'node:net';
import { createConnection } from 'mongoose';
import { Database } from '../chaos/database.ts';
import { inNamespace } from './parley.ts';

const ADDRESS = 'mongodb://mongo-0.mongo,mongo-1.mongo,mongo-2.mongo/parley?replicaSet=parley';

/** The members by the names that they have inside the cluster, at the addresses that their pods have now. */
const lookup: LookupFunction = (hostname, { all }, callback) => {
  const [pod = ''] = hostname.split('.');
  inNamespace('get', 'pod', pod, '--output', 'jsonpath={.status.podIP}').then(
    (address) => (all === true ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
    (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
  );
};

export const openDatabase = (): Promise<Database> => Database.open(ADDRESS, { lookup });

/** The name of the pod. */
export async function findPrimary(): Promise<string> {
  const connection = await createConnection(ADDRESS, { lookup }).asPromise();
  try {
    const { primary } = await connection.getClient().db('admin').command({ hello: 1 });
    return String(primary).split('.')[0] ?? '';
  } finally {
    await connection.close();
  }
}
