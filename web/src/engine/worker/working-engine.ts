import type { ActionOk, ConnectionLimits, Message, OwnUser, RoomEvent, RoomId, RoomSummary } from '@parley/protocol';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { StorageStatus } from '../../domain/storage-status.ts';
import type { Patch, Snapshot } from '../protocol/messages.ts';
import type { EngineEvents, Signal } from './engine-events.ts';
import { createModules, type EngineEnvironment, type EngineModules } from './engine-modules.ts';
import { handleIntent, type HandleIntent } from './intents.ts';
import type { ServerEvent } from './link.ts';
import { longPause } from './retrying-request.ts';
import type { Audience, IntentMessage } from './engine-events.ts';

/** An engine that holds the lock: creates the modules and handles the events between them (engine-events.ts). */
export class WorkingEngine implements EngineEvents {
  readonly #environment: EngineEnvironment;
  readonly #engineId: string;
  readonly #modules: EngineModules;
  readonly #handle: HandleIntent;
  #onEnd: () => void = () => undefined;
  #isRestarting = false;
  #isStopped = false;

  constructor(environment: EngineEnvironment, engineId: string) {
    this.#environment = environment;
    this.#engineId = engineId;
    this.#modules = createModules(environment, engineId, this);
    this.#handle = handleIntent(this.#modules);
  }

  get tabs(): EngineModules['tabs'] {
    return this.#modules.tabs;
  }

  /** Loads what earlier engines stored. @param onEnd runs when another engine has to start, perhaps of a newer build */
  async start(onEnd: () => void): Promise<void> {
    this.#onEnd = onEnd;
    const { database, cache, knownUsers, rooms, timelines, drafts, outbox, newRooms } = this.#modules;
    const { logs, epoch, ...stored } = await database.open(onEnd);
    cache.begin(epoch);
    knownUsers.add([...stored.rooms.flatMap(({ members }) => members), ...logs.flatMap(({ users }) => users)]);
    rooms.load(stored.rooms);
    timelines.load(logs.map(({ timeline }) => timeline));
    drafts.load(stored.drafts);
    outbox.load(stored.outgoing);
    newRooms.load(stored.outgoingRooms);
  }

  /** Publishes, sends and stores nothing more. */
  stop(): void {
    const { tabs, connection, lifetime, cache, database } = this.#modules;
    this.#isStopped = true;
    tabs.close();
    connection.stop();
    lifetime.stop();
    cache.stop();
    database.close();
  }

  networkIsBack(): void {
    this.#modules.connection.tryNow();
  }

  snapshot(user: OwnUser): Snapshot {
    const { knownUsers, connection, database, rooms, outbox, drafts, presence } = this.#modules;
    if (!knownUsers.self) knownUsers.setSelf(user);
    return {
      ...{ engineId: this.#engineId, user: knownUsers.self ?? user },
      limits: connection.limits,
      connection: connection.status,
      storage: database.storage,
      rooms: rooms.listed(),
      roomsLoaded: rooms.loaded,
      users: knownUsers.all(),
      unsent: outbox.all(),
      drafts: drafts.all(),
      presence: presence.all(),
    };
  }

  tabConnected(): void {
    this.#modules.activity.active();
    this.#modules.connection.start();
  }

  tabShown(): void {
    this.#modules.activity.active();
    this.#modules.connection.tryNow();
  }

  tabClosed(tabId: string): void {
    this.#modules.presence.tabClosed(tabId);
  }

  allTabsClosed(): void {
    this.#modules.connection.stop();
  }

  intentReceived(tabId: string, message: IntentMessage): Promise<unknown> {
    return this.#handle(tabId, message);
  }

  connectionChanged(status: ConnectionStatus, limits: ConnectionLimits | null): void {
    this.publish({ kind: 'connection', connection: status, limits });
    if (status.status === 'waiting') this.#modules.timelines.offline();
  }

  connected(answer: ActionOk<'create_connection'>): void {
    const { cache, database, knownUsers, sync, receipts, presence, activity, outbox } = this.#modules;
    if (!cache.accepts(answer.epoch) && database.storage === 'durable') return void this.#restart();
    knownUsers.setSelf(answer.user);
    sync.connected(answer);
    receipts.connected();
    presence.connected();
    activity.connected();
    outbox.drain();
  }

  eventsReceived(events: readonly ServerEvent[]): void {
    this.#modules.sync.receive(events);
  }

  sessionMismatched(): void {
    this.publish({ kind: 'reload' });
  }

  entriesApplied(roomId: RoomId, entries: readonly RoomEvent[], position: number): void {
    const { receipts, typing, removalNotices, outbox, notices, reading } = this.#modules;
    receipts.apply(roomId, entries);
    typing.apply(roomId, entries);
    // Before the room is removed.
    removalNotices.apply(roomId, entries);
    outbox.settle(roomId, position, entries.flatMap(createdMessageId));
    notices.apply(entries);
    reading.apply(entries);
  }

  roomsReceived(received: readonly RoomSummary[]): void {
    this.#modules.reading.roomsReceived(received);
    this.#modules.receipts.roomsReceived(received);
  }

  roomForgotten(roomId: RoomId, held: readonly RoomEvent[]): void {
    const { removalNotices, reading, receipts } = this.#modules;
    removalNotices.apply(roomId, held);
    reading.forget(roomId);
    receipts.forget(roomId);
  }

  signalReceived(signal: Signal): void {
    const { typing, presence, reading, receipts } = this.#modules;
    switch (signal.event) {
      case 'typing':
        return typing.started(signal.data.roomId, signal.data.userId);
      case 'presence_changed':
        return presence.changed(signal.data);
      case 'room_read':
        if (signal.data.userId === this.#environment.userId) reading.readElsewhere(signal.data);
        else receipts.advance(signal.data.roomId, signal.data.userId, signal.data.seq);
    }
  }

  timelineLoaded(roomId: RoomId): void {
    this.#modules.sync.repairIfBehind(roomId);
  }

  timelineDropped(roomId: RoomId): void {
    this.#modules.cache.logChanged(roomId);
  }

  /** The answer may come before the event of the same entry: it is applied as that event. */
  messageStored(message: Message): void {
    const { knownUsers, rooms, outbox, sync } = this.#modules;
    const { roomId, seq } = message;
    const user = knownUsers.self;
    if (!user || !rooms.get(roomId)) outbox.settle(roomId, seq, []);
    else sync.take(roomId, [{ event: 'message_created', roomId, seq, data: { message, user } }]);
  }

  storageChanged(storage: StorageStatus): void {
    this.publish({ kind: 'storage', storage });
  }

  publish(patch: Patch, audience?: Audience): void {
    this.#modules.tabs.publish(patch, audience);
    this.#modules.cache.patchPublished(patch);
  }

  /**
   * The server's data were restored from a backup: another engine and other pages start, with drafts and unsent messages
   * but without anything known of rooms. Where the cache cannot be emptied, it is tried again later, or each next engine
   * would find the old data.
   */
  async #restart(): Promise<void> {
    const { connection, cache, database, lifetime } = this.#modules;
    connection.stop();
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    cache.stop();
    const isEmpty = await database.clearCache().then(
      () => true,
      () => false,
    );
    this.#isRestarting = false;
    if (this.#isStopped) return;
    // Drafts and messages that could not be stored meanwhile exist only in this engine.
    if (database.storage !== 'durable') return connection.start();
    if (!isEmpty) return void lifetime.after(longPause(this.#environment.random), () => connection.start());
    this.publish({ kind: 'reload', sameUser: true });
    this.#onEnd();
  }
}

const createdMessageId = (event: RoomEvent) =>
  event.event === 'message_created' ? [event.data.message.messageId] : [];
