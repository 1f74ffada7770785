import type { Message } from '@parley/protocol';
import { Cache } from './cache.ts';
import type { Channel } from './channel.ts';
import { Connection, type ConnectionEnvironment } from './connection.ts';
import { Database } from './database.ts';
import { Drafts } from './drafts.ts';
import { Hub, type Publish } from './hub.ts';
import { intentHandler, type HandleIntent } from './intents.ts';
import type { Locks } from './lock.ts';
import type { Snapshot } from './messages.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { NewRooms } from './new-rooms.ts';
import { People } from './people.ts';
import { persistentRequest } from './persistent-request.ts';
import { Rooms } from './rooms.ts';
import { Sync } from './sync.ts';
import { Timelines } from './timelines.ts';
import type { Upload } from './uploads.ts';

export interface EngineEnvironment extends ConnectionEnvironment {
  readonly locks: Locks;
  /** Milliseconds since the epoch at which this build was made. */
  readonly build: number;
  /** The person's channel in this browser. */
  readonly openChannel: () => Channel;
  readonly upload: Upload;
}

/** Makes the parts of an engine and ties them to each other. */
export function assemble(environment: EngineEnvironment, engineId: string) {
  const { userId, clock, random, upload } = environment;
  const hub: Hub = new Hub(
    { ...environment, engineId },
    {
      snapshot: ({ user }) => {
        if (!people.self) people.meetSelf(user);
        return snapshot(people.self ?? user);
      },
      awake: (how) => (how === 'hello' ? connection.start() : connection.tryNow()),
      empty: () => connection.stop(),
      intent: (tabId, message) => handle(tabId, message),
    },
  );
  const publish: Publish = (patch, audience) => {
    hub.publish(patch, audience);
    cache.changed(patch);
  };
  const database = new Database(userId, clock, (storage) => publish({ kind: 'storage', storage }));
  const connection: Connection = new Connection(environment, {
    status: (status, limits) => publish({ kind: 'connection', connection: status, limits }),
    online: (answer) => {
      people.meetSelf(answer.user);
      sync.online(answer);
      outbox.drain();
    },
    events: (events) => sync.events(events),
    mismatch: () => publish({ kind: 'reload' }),
  });
  const persist = persistentRequest(connection, clock, random);
  const people = new People(publish);
  const rooms = new Rooms(userId, publish);
  const drafts = new Drafts(database, publish);
  const timelines: Timelines = new Timelines({
    ...{ clock, random, hub, publish, connection, persist },
    meet: (users) => people.meet(users),
    loaded: (roomId) => sync.repairIfBehind(roomId),
    dropped: (roomId) => cache.logChanged(roomId),
  });
  const cache: Cache = new Cache({ clock, database, rooms, timelines, people });
  const outbox: Outbox = new Outbox({
    ...{ clock, random, connection, database, publish, upload },
    acknowledged: (message) => acknowledged(message),
  });
  const notices = new Notices({ userId, hub, rooms, publish });
  const sync: Sync = new Sync({
    ...{ clock, random, persist, rooms, timelines, people },
    applied: (roomId, position, messageIds) => outbox.settle(roomId, position, messageIds),
    arrived: (events) => notices.arrived(events),
  });
  const newRooms = new NewRooms({
    ...{ clock, connection, database, persist, outbox, people, rooms, timelines },
    came: (room) => sync.roomCame(room),
  });
  const handle: HandleIntent = intentHandler({
    ...{ hub, connection, persist, drafts, outbox, newRooms, people, sync, timelines, cache },
  });

  /** The answer may come before the event of the same entry: it is applied as that event. */
  function acknowledged(message: Message): void {
    const { roomId, seq } = message;
    const user = people.self;
    if (!user || !rooms.get(roomId)) outbox.settle(roomId, seq, []);
    else sync.take(roomId, [{ event: 'message_created', roomId, seq, data: { message, user } }]);
  }

  function snapshot(user: Snapshot['user']): Snapshot {
    return {
      ...{ engineId, user },
      limits: connection.limits,
      connection: connection.status,
      storage: database.storage,
      rooms: rooms.listed(),
      roomsLoaded: rooms.loaded,
      users: people.all(),
      unsent: outbox.all(),
      drafts: drafts.all(),
    };
  }

  /** Reads what engines before it left. @param onSuperseded a newer build wants to change the database */
  async function start(onSuperseded: () => void): Promise<void> {
    const { logs, ...stored } = await database.open(onSuperseded);
    people.meet([...stored.rooms.flatMap(({ members }) => members), ...logs.flatMap(({ users }) => users)]);
    rooms.load(stored.rooms);
    timelines.load(logs.map(({ timeline }) => timeline));
    drafts.load(stored.drafts);
    outbox.load(stored.outgoing);
    newRooms.load(stored.outgoingRooms);
  }

  /** Says and writes nothing more. */
  function stop(): void {
    hub.close();
    connection.stop();
    cache.stop();
    database.close();
  }

  return { hub, connection, start, stop };
}
