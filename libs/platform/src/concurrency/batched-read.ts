import { MAX_PER_CALL } from '@parley/contracts';
import DataLoader from 'dataloader';

const MAX_CONCURRENT_READS = 2;

interface BatchedRead<Key, Value> {
  read(key: Key): Promise<Value>;
  /** In the given order; rejects if any of them does. */
  readAll(keys: readonly Key[]): Promise<Value[]>;
}

/**
 * Combines reads that are requested at the same time. A read starts at the end of the turn of the event loop; while two
 * are running, further keys wait and then share the next read. Each key is read once.
 * @param nameOf returns equal names for equal keys
 * @param read reads at most 1,000 distinct keys and answers in their order. An Error instead of a value rejects that key
 *   alone, a rejection all of them.
 */
export function batchedRead<Key, Value>(
  nameOf: (key: Key) => string,
  read: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): BatchedRead<Key, Value> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const loader = new DataLoader<Key, Value>(
    async (keys) => {
      running += 1;
      try {
        const distinct = new Map(keys.map((key) => [nameOf(key), key]));
        const values = await read([...distinct.values()]);
        const byName = new Map([...distinct.keys()].map((name, index) => [name, values[index] as Value | Error]));
        return keys.map((key) => byName.get(nameOf(key)) as Value | Error);
      } finally {
        running -= 1;
        for (const dispatch of waiting.splice(0)) dispatch();
      }
    },
    {
      cache: false,
      maxBatchSize: MAX_PER_CALL,
      batchScheduleFn: (dispatch) => {
        if (running < MAX_CONCURRENT_READS) setImmediate(dispatch);
        else waiting.push(dispatch);
      },
    },
  );
  return {
    read: (key) => loader.load(key),
    readAll: (keys) => Promise.all(keys.map((key) => loader.load(key))),
  };
}
