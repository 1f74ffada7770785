import type { Activity } from './activity.ts';
import type { Cache } from './cache.ts';
import type { ServerConnection } from './server-connection.ts';
import type { Drafts } from './drafts.ts';
import type { TabRegistry } from './tab-registry.ts';
import type { Intent, Intents } from '../protocol/messages.ts';
import type { NewRooms } from './new-rooms.ts';
import type { Outbox } from './outbox.ts';
import type { KnownUsers } from './known-users.ts';
import type { RequestWithRetry } from './retrying-request.ts';
import type { PresenceWatch } from './presence.ts';
import type { ReadingState } from './reading.ts';
import type { Receipts } from './receipts.ts';
import type { Sync } from './sync.ts';
import type { Timelines } from './timelines.ts';
import type { Typing } from './typing.ts';

/** The modules that handlers of intents call. */
export interface IntentsEnvironment {
  readonly tabs: TabRegistry;
  readonly connection: ServerConnection;
  readonly requestWithRetry: RequestWithRetry;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly newRooms: NewRooms;
  readonly cache: Cache;
  readonly knownUsers: KnownUsers;
  readonly sync: Sync;
  readonly timelines: Timelines;
  readonly reading: ReadingState;
  readonly receipts: Receipts;
  readonly typing: Typing;
  readonly presence: PresenceWatch;
  readonly activity: Activity;
}

/** One handler for each intent. */
export type IntentHandlers = {
  readonly [I in Intent]: (data: Intents[I]['data'], tabId: string) => Intents[I]['ok'] | Promise<Intents[I]['ok']>;
};
