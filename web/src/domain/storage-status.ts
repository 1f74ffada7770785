/**
 * Where drafts and unsent messages are kept. memory: the browser refused IndexedDB, so they are lost when the engine ends.
 * outdated: as memory, because a newer build has upgraded the database; a reloaded page can read it.
 */
export type StorageStatus = 'durable' | 'memory' | 'outdated';
