import { openDB } from 'idb';

/** The exported database of an earlier build. */
export interface StoredDatabase {
  readonly version: number;
  readonly stores: Readonly<
    Record<
      string,
      { readonly keyPath: string | null; readonly records: readonly string[]; readonly values: readonly unknown[] }
    >
  >;
}

/** Restores an exported database in this browser. */
export async function restoreDatabase(name: string, { version, stores }: StoredDatabase): Promise<void> {
  const database = await openDB(name, version, {
    upgrade(made) {
      for (const [store, { keyPath, records, values }] of Object.entries(stores)) {
        const target = made.createObjectStore(store, keyPath === null ? {} : { keyPath });
        values.forEach((value, index) => void target.put(value, keyPath === null ? records[index] : undefined));
      }
    },
  });
  database.close();
}
