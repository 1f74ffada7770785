import type { ConnectionLimits, OwnUser } from '@parley/protocol';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { t } from '../i18n/i18n.ts';
import { connectEngine, type EngineClient } from '../engine/page/engine-client.ts';
import type { ConnectionStatus } from '../domain/connection-status.ts';
import type { StorageStatus } from '../domain/storage-status.ts';
import type { Intent, Intents, Patch, Snapshot } from '../engine/protocol/messages.ts';

type PatchOf<K extends Patch['kind']> = Extract<Patch, { kind: K }>;
type Unsubscribe = () => void;

/**
 * This tab's connection to the engine: sends intents, and hands snapshots and patches to the stores that subscribe to
 * them. A store subscribes when it is made, so all of them are made before the first snapshot (`subscribers.ts`).
 */
export const useEngineStore = defineStore('engine', () => {
  const connection = shallowRef<ConnectionStatus>({ status: 'connecting' });
  const limits = shallowRef<ConnectionLimits | null>(null);
  /** Whether drafts and unsent messages outlive the page. */
  const storage = shallowRef<StorageStatus>('durable');
  /** Whose engine this tab is connected to; null: none. */
  const user = shallowRef<OwnUser | null>(null);
  const tabId = shallowRef<string | null>(null);
  const snapshotListeners = new Set<(snapshot: Snapshot) => void>();
  const patchListeners = new Set<(patch: Patch) => void>();
  const disconnectListeners = new Set<() => void>();
  let client: EngineClient | undefined;

  function connect(signedIn: OwnUser): void {
    disconnect();
    user.value = signedIn;
    client = connectEngine(signedIn, {
      onSnapshot: (snapshot) => snapshotListeners.forEach((listener) => listener(snapshot)),
      onPatches: (patches) => patches.forEach((patch) => patchListeners.forEach((listener) => listener(patch))),
    });
    tabId.value = client.tabId;
  }

  function disconnect(): void {
    client?.close();
    client = undefined;
    user.value = null;
    tabId.value = null;
    connection.value = { status: 'connecting' };
    disconnectListeners.forEach((listener) => listener());
  }

  /** Sends an intent; rejects with an IntentError. */
  function request<I extends Intent>(intent: I, data: Intents[I]['data']): Promise<Intents[I]['ok']> {
    if (client === undefined) return Promise.reject(new Error(t('error.unauthenticated')));
    return client.request(intent, data);
  }

  /** The whole state, at first and after an engine restarted: replaces what the subscriber has. */
  function onSnapshot(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return added(snapshotListeners, listener);
  }

  function onPatch<K extends Patch['kind']>(kind: K, listener: (patch: PatchOf<K>) => void): Unsubscribe {
    const isOfKind = (patch: Patch): patch is PatchOf<K> => patch.kind === kind;
    return added(patchListeners, (patch: Patch) => {
      if (isOfKind(patch)) listener(patch);
    });
  }

  /** The user has logged out, or another one logs in: subscribers forget their state. */
  function onDisconnect(listener: () => void): Unsubscribe {
    return added(disconnectListeners, listener);
  }

  onSnapshot((snapshot) => {
    connection.value = snapshot.connection;
    limits.value = snapshot.limits;
    storage.value = snapshot.storage;
  });
  onPatch('connection', (patch) => {
    connection.value = patch.connection;
    limits.value = patch.limits;
  });
  onPatch('storage', (patch) => {
    storage.value = patch.storage;
  });

  return { connection, limits, storage, user, tabId, connect, disconnect, request, onSnapshot, onPatch, onDisconnect };
});

function added<T>(listeners: Set<T>, listener: T): Unsubscribe {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
