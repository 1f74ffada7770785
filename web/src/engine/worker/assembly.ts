import type { Message, RoomEvent, RoomId } from '@parley/protocol';
import { stoppable } from '../../domain/clock.ts';
import { Activity } from './activity.ts';
import { Cache } from './cache.ts';
import type { Channel } from '../protocol/channel.ts';
import { Connection, type ConnectionEnvironment } from './connection.ts';
import { Database } from './database.ts';
import { Drafts } from './drafts.ts';
import { Hub, type Publish } from './hub.ts';
import { intentHandler, type HandleIntent } from './intents.ts';
import type { Locks } from '../protocol/locks.ts';
import type { Snapshot } from '../protocol/messages.ts';
import { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { NewRooms } from './new-rooms.ts';
import { People } from './people.ts';
import { longPause, persistentRequest } from './persistent-request.ts';
import { PresenceWatch } from './presence.ts';
import { ReadingState } from './reading.ts';
import { Receipts } from './receipts.ts';
import { Rooms } from './rooms.ts';
import { Sync, type Signal } from './sync.ts';
import { Timelines } from './timelines.ts';
import { Typing } from './typing.ts';
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
      awake: (how) => {
        activity.active();
        if (how === 'hello') connection.start();
        else connection.tryNow();
      },
      tabEnded: (tabId) => presence.tabEnded(tabId),
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
    status: (status, limits) => {
      publish({ kind: 'connection', connection: status, limits });
      if (status.status === 'waiting') timelines.offline();
    },
    online: (answer) => {
      if (!cache.accepts(answer.epoch) && database.storage === 'durable') return void startAnew();
      people.meetSelf(answer.user);
      sync.online(answer);
      receipts.online();
      presence.online();
      activity.online();
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
    ...{ userId, clock, random, hub, publish, connection, persist },
    meet: (users) => people.meet(users),
    loaded: (roomId) => sync.repairIfBehind(roomId),
    dropped: (roomId) => cache.logChanged(roomId),
  });
  const life = stoppable(clock);
  let end = (): void => undefined;
  let isEnding = false;
  let isStopped = false;
  const reading: ReadingState = new ReadingState({ userId, clock: life, connection, persist, rooms, timelines });
  const receipts: Receipts = new Receipts({ userId, clock: life, hub, publish, connection, rooms });
  const typing = new Typing({ userId, clock: life, connection, publish });
  const presence: PresenceWatch = new PresenceWatch({ clock: life, connection, publish });
  const activity: Activity = new Activity({ clock: life, connection });
  const cache: Cache = new Cache({ clock, database, rooms, timelines, people });
  const outbox: Outbox = new Outbox({
    ...{ clock, random, connection, database, publish, upload },
    acknowledged: (message) => acknowledged(message),
  });
  const notices = new Notices({ userId, hub, rooms, publish });
  const sync: Sync = new Sync({
    ...{ clock, random, persist, rooms, timelines, people },
    applied: (roomId, position, messageIds) => outbox.settle(roomId, position, messageIds),
    arrived: (events) => {
      notices.arrived(events);
      reading.changed(events);
    },
    entries,
    told: (told) => {
      reading.told(told);
      receipts.told(told);
    },
    forgotten: (roomId, held) => {
      explainRemoval(roomId, held);
      reading.forget(roomId);
      receipts.forget(roomId);
    },
    signal,
  });
  const newRooms = new NewRooms({
    ...{ clock, connection, database, persist, outbox, people, rooms, timelines },
    came: (room) => sync.roomCame(room),
  });
  const handle: HandleIntent = intentHandler({
    ...{ hub, connection, persist, drafts, outbox, newRooms, people, sync, timelines, cache },
    ...{ reading, receipts, typing, presence, activity },
  });

  /** The answer may come before the event of the same entry: it is applied as that event. */
  function acknowledged(message: Message): void {
    const { roomId, seq } = message;
    const user = people.self;
    if (!user || !rooms.get(roomId)) outbox.settle(roomId, seq, []);
    else sync.take(roomId, [{ event: 'message_created', roomId, seq, data: { message, user } }]);
  }

  /** Who wrote types no more and has read what they wrote. */
  function entries(roomId: RoomId, events: readonly RoomEvent[]): void {
    receipts.apply(roomId, events);
    for (const { event, data } of events) {
      if (event === 'message_created') typing.stopped(roomId, data.user.userId);
      if (event === 'member_left') typing.stopped(roomId, data.userId);
    }
    explainRemoval(roomId, events);
  }

  /** Who removed one is named before the room goes. */
  function explainRemoval(roomId: RoomId, events: readonly RoomEvent[]): void {
    for (const { event, data } of events) {
      if (event !== 'member_left' || data.userId !== userId || !data.removedBy) continue;
      publish({ kind: 'removed_from_room', roomId, removedBy: data.removedBy });
    }
  }

  function signal(said: Signal): void {
    switch (said.event) {
      case 'typing':
        return typing.heard(said.data.roomId, said.data.userId);
      case 'presence_changed':
        return presence.heard(said.data);
      case 'room_read':
        if (said.data.userId === userId) reading.heard(said.data);
        else receipts.heard(said.data.roomId, said.data.userId, said.data.seq);
    }
  }

  /**
   * Another engine begins, and the pages do, with drafts and what is unsent, and with nothing that is known of rooms. Where
   * the cache cannot be emptied it is tried again later, lest each engine find it there.
   */
  async function startAnew(): Promise<void> {
    connection.stop();
    if (isEnding) return;
    isEnding = true;
    cache.stop();
    const isEmpty = await database.clearCache().then(
      () => true,
      () => false,
    );
    isEnding = false;
    if (isStopped) return;
    // What could not be stored meanwhile is nowhere but here.
    if (database.storage !== 'durable') return connection.start();
    if (!isEmpty) return void life.after(longPause(random), () => connection.start());
    publish({ kind: 'reload', sameUser: true });
    end();
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
      presence: presence.all(),
    };
  }

  /** Reads what engines before it left. @param onEnd another engine is to begin, which may be of a newer build */
  async function start(onEnd: () => void): Promise<void> {
    end = onEnd;
    const { logs, epoch, ...stored } = await database.open(onEnd);
    cache.begin(epoch);
    people.meet([...stored.rooms.flatMap(({ members }) => members), ...logs.flatMap(({ users }) => users)]);
    rooms.load(stored.rooms);
    timelines.load(logs.map(({ timeline }) => timeline));
    drafts.load(stored.drafts);
    outbox.load(stored.outgoing);
    newRooms.load(stored.outgoingRooms);
  }

  /** Says and writes nothing more. */
  function stop(): void {
    isStopped = true;
    hub.close();
    connection.stop();
    life.stop();
    cache.stop();
    database.close();
  }

  return { hub, connection, start, stop };
}
