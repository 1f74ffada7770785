/** fake-indexeddb's internal state: what its databases hold. */
interface RawDatabase {
  readonly rawObjectStores: ReadonlyMap<
    string,
    { readonly records: { values(): Iterable<{ readonly value: unknown }> } }
  >;
}

/** The disk under a browser's IndexedDB: reads its content without a transaction, and can be full. */
export class FakeDisk {
  readonly #factory: IDBFactory;
  isFull = false;
  /** Nothing on it can be deleted. */
  isStuck = false;

  constructor(factory: IDBFactory) {
    this.#factory = factory;
  }

  /** All records of a store; none if the store does not exist. */
  peek<Value>(database: string, store: string): Value[] {
    const databases = Reflect.get(this.#factory, '_databases') as ReadonlyMap<string, RawDatabase>;
    const records = databases.get(database)?.rawObjectStores.get(store)?.records.values() ?? [];
    return Array.from(records, ({ value }) => value as Value);
  }

  /** While the disk is full (or stuck), what writes with `put` (or clears) is aborted a little later, as browsers do it. */
  watch(database: IDBDatabase): void {
    const open = database.transaction.bind(database);
    database.transaction = (stores, mode, options) => {
      const transaction = open(stores, mode, options);
      const objectStore = transaction.objectStore.bind(transaction);
      transaction.objectStore = (name) => this.#limit(objectStore(name), transaction);
      return transaction;
    };
  }

  #limit(store: IDBObjectStore, transaction: IDBTransaction): IDBObjectStore {
    const put = store.put.bind(store);
    store.put = (value, key) => {
      const request = put(value, key);
      if (this.isFull) queueMicrotask(() => abort(transaction));
      return request;
    };
    const clear = store.clear.bind(store);
    store.clear = () => {
      const request = clear();
      if (this.isStuck) queueMicrotask(() => abort(transaction));
      return request;
    };
    return store;
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // Another write has aborted the transaction already.
  }
}
