import { stoppable } from '../../domain/clock.ts';
import type { Channel } from '../protocol/channel.ts';
import type { Locks } from '../protocol/locks.ts';
import { Activity } from './activity.ts';
import { Cache } from './cache.ts';
import { Database } from './database.ts';
import { Drafts } from './drafts.ts';
import type { EngineEvents } from './engine-events.ts';
import { NewRooms } from './new-rooms.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { KnownUsers } from './known-users.ts';
import { PresenceWatch } from './presence.ts';
import { ReadingState } from './reading.ts';
import { Receipts } from './receipts.ts';
import { RemovalNotices } from './removal-notices.ts';
import { retryingRequest } from './retrying-request.ts';
import { Rooms } from './rooms.ts';
import { ServerConnection, type ConnectionEnvironment } from './server-connection.ts';
import { Sync } from './sync.ts';
import type { Publish } from './engine-events.ts';
import { TabRegistry } from './tab-registry.ts';
import { Timelines } from './timelines.ts';
import { Typing } from './typing.ts';
import type { Upload } from './uploads.ts';

export interface EngineEnvironment extends ConnectionEnvironment {
  readonly locks: Locks;
  /** Milliseconds since the epoch at which this build was made. */
  readonly build: number;
  /** The user's channel in this browser. */
  readonly openChannel: () => Channel;
  readonly upload: Upload;
}

export type EngineModules = ReturnType<typeof createModules>;

/** Creates the modules of an engine, those first that others use. */
export function createModules(environment: EngineEnvironment, engineId: string, events: EngineEvents) {
  const { userId, clock, random, upload } = environment;
  const publish: Publish = (patch, audience) => events.publish(patch, audience);
  const tabs = new TabRegistry({ ...environment, engineId }, events);
  const database = new Database(userId, clock, (storage) => events.storageChanged(storage));
  const connection = new ServerConnection(environment, events);
  const requestWithRetry = retryingRequest(connection, clock, random);
  const knownUsers = new KnownUsers(publish);
  const rooms = new Rooms(userId, publish);
  const drafts = new Drafts(database, publish);
  const timelines = new Timelines(
    { userId, clock, random, tabs, publish, connection, requestWithRetry, knownUsers },
    events,
  );
  const lifetime = stoppable(clock);
  const reading = new ReadingState({ userId, clock: lifetime, connection, requestWithRetry, rooms, timelines });
  const receipts = new Receipts({ userId, clock: lifetime, tabs, publish, connection, rooms });
  const typing = new Typing({ userId, clock: lifetime, connection, publish });
  const presence = new PresenceWatch({ clock: lifetime, connection, publish });
  const activity = new Activity({ clock: lifetime, connection });
  const cache = new Cache({ clock, database, rooms, timelines, knownUsers });
  const outbox = new Outbox({ clock, random, connection, database, publish, upload }, events);
  const notices = new Notices({ userId, tabs, rooms, publish });
  const removalNotices = new RemovalNotices(userId, publish);
  const sync = new Sync({ clock, random, requestWithRetry, rooms, timelines, knownUsers }, events);
  const newRooms = new NewRooms({
    ...{ clock, connection, database, requestWithRetry, outbox, knownUsers, rooms, timelines, sync },
  });
  return {
    ...{
      tabs,
      database,
      connection,
      requestWithRetry,
      knownUsers,
      rooms,
      drafts,
      timelines,
      lifetime,
      reading,
      receipts,
    },
    ...{ typing, presence, activity, cache, outbox, notices, removalNotices, sync, newRooms },
  };
}
