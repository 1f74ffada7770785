import DataLoader from 'dataloader';

const MOST_KEYS = 1_000;
const READS_UNDER_WAY = 2;

interface SharedRead<Key, Value> {
  read(key: Key): Promise<Value>;
  /** In the given order; rejects if any of them does. */
  readAll(keys: readonly Key[]): Promise<Value[]>;
}

/**
 * Reads that many ask for at once, put together: while nobody else asks a read begins in the same turn; while two are
 * under way what is asked for waits, and then goes together, each key once.
 * @param nameOf what tells keys apart
 * @param read of at most 1,000 distinct keys; answers in their order. An Error in the place of a value is for that key
 *   alone, a rejection for all of them.
 */
export function sharedRead<Key, Value>(
  nameOf: (key: Key) => string,
  read: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): SharedRead<Key, Value> {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const loader = new DataLoader<Key, Value>(
    async (keys) => {
      underWay += 1;
      try {
        const distinct = new Map(keys.map((key) => [nameOf(key), key]));
        const values = await read([...distinct.values()]);
        const byName = new Map([...distinct.keys()].map((name, index) => [name, values[index] as Value | Error]));
        return keys.map((key) => byName.get(nameOf(key)) as Value | Error);
      } finally {
        underWay -= 1;
        for (const dispatch of waiting.splice(0)) dispatch();
      }
    },
    {
      cache: false,
      maxBatchSize: MOST_KEYS,
      batchScheduleFn: (dispatch) => {
        if (underWay < READS_UNDER_WAY) setImmediate(dispatch);
        else waiting.push(dispatch);
      },
    },
  );
  return {
    read: (key) => loader.load(key),
    readAll: (keys) => Promise.all(keys.map((key) => loader.load(key))),
  };
}
