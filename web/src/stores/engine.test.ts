// @vitest-environment happy-dom
import type { Message, MessageId, OwnUser, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEngine, type EngineListener } from '../engine/page/engine-client.ts';
import type { Patch, Snapshot } from '../engine/protocol/messages.ts';
import { useDraftsStore } from './drafts.ts';
import { useEngineStore } from './engine.ts';
import { useHistoryStore } from './history.ts';
import { useOutboxStore } from './outbox.ts';
import { useQuotesStore } from './quotes.ts';
import { useRoomsStore } from './rooms.ts';
import { startSubscribers } from './subscribers.ts';
import { useUsersStore } from './users.ts';

vi.mock('../engine/page/engine-client.ts');

const user: OwnUser = { userId: 'ada' as UserId, displayName: 'Ada', email: 'ada@example.org' };
const design = 'design' as RoomId;

function room(roomId: string, at: number, counts: Partial<RoomSummary> = {}): RoomSummary {
  const empty = { name: roomId, members: [user], memberCount: 1, head: 0, count: 0, readSeq: 0, readCount: 0 };
  return { ...empty, roomId: roomId as RoomId, createdAt: at, lastMessage: null, ...counts };
}

function snapshot(rooms: readonly RoomSummary[]): Snapshot {
  const nothing = { limits: null, storage: 'durable' as const, users: [], unsent: [], drafts: [], presence: [] };
  return { ...nothing, engineId: 'e', user, connection: { status: 'online' }, rooms, roomsLoaded: true };
}

function connected(rooms: readonly RoomSummary[]): EngineListener {
  let listener: EngineListener | undefined;
  vi.mocked(connectEngine).mockImplementation((_user, given) => {
    listener = given;
    return { tabId: 'this-tab', request: vi.fn(), close: vi.fn() };
  });
  startSubscribers();
  useEngineStore().connect(user);
  if (listener === undefined) throw new Error('The store did not connect.');
  listener.onSnapshot(snapshot(rooms));
  return listener;
}

describe('the stores', () => {
  beforeEach(() => setActivePinia(createPinia()));
  afterEach(() => {
    useEngineStore().disconnect();
    localStorage.clear();
  });

  it('list the rooms by their newest activity', () => {
    const engine = connected([room('old', 1), room('new', 3)]);
    const rooms = useRoomsStore();
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['new', 'old']);
    engine.onPatches([{ kind: 'rooms', rooms: [room('old', 4)], roomsLoaded: true }]);
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['old', 'new']);
    engine.onPatches([{ kind: 'room_removed', roomId: 'old' as RoomId }]);
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['new']);
  });

  it('keep who removed the user, despite a late update of the room, until the user is in the room again', () => {
    const engine = connected([room('design', 1)]);
    const rooms = useRoomsStore();
    const update = { kind: 'rooms', rooms: [room('design', 2)], roomsLoaded: true } as const;
    const removal = { kind: 'removed_from_room', roomId: design, removedBy: 'bob' as UserId } as const;
    engine.onPatches([removal, update, { kind: 'room_removed', roomId: design }]);
    expect(rooms.removals.get(design)).toBe('bob');
    engine.onPatches([update]);
    expect(rooms.removals.has(design)).toBe(false);
  });

  it('count unread messages and the mentions among them', () => {
    const engine = connected([room('design', 1, { head: 9, count: 7, readSeq: 4, readCount: 3, mentionCount: 2 })]);
    const rooms = useRoomsStore();
    expect([rooms.unreadTotal, rooms.mentionTotal]).toEqual([4, 2]);
    const read = room('design', 1, { head: 9, count: 7, readSeq: 9, readCount: 7, mentionCount: 0 });
    engine.onPatches([{ kind: 'rooms', rooms: [read], roomsLoaded: true }]);
    expect([rooms.unreadTotal, rooms.mentionTotal]).toEqual([0, 0]);
  });

  it('keep the place of an unsent message when its status changes', () => {
    const engine = connected([]);
    const message = (id: string, status: 'pending' | 'failed') => {
      const content = { roomId: design, messageId: id as MessageId, text: id, images: [], createdAt: 1, error: null };
      const alone = { replyTo: null, mentions: [] };
      return { ...content, ...alone, status };
    };
    engine.onPatches([{ kind: 'unsent', upserted: [message('a', 'pending'), message('b', 'pending')], removed: [] }]);
    engine.onPatches([{ kind: 'unsent', upserted: [message('a', 'failed')], removed: [] }]);
    const outbox = useOutboxStore();
    expect(outbox.inRoom(design).map(({ messageId, status }) => `${messageId} ${status}`)).toEqual([
      'a failed',
      'b pending',
    ]);
    engine.onPatches([{ kind: 'unsent', upserted: [], removed: ['a' as MessageId] }]);
    expect(outbox.size).toBe(1);
  });

  it('take drafts of other tabs, but not the echo of their own', () => {
    const engine = connected([]);
    const drafts = useDraftsStore();
    engine.onPatches([{ kind: 'draft', roomId: design, text: 'theirs', origin: 'other-tab' }]);
    engine.onPatches([{ kind: 'draft', roomId: design, text: 'late echo', origin: 'this-tab' }]);
    expect(drafts.textOf(design)).toBe('theirs');
    engine.onPatches([{ kind: 'draft', roomId: design, text: '', origin: null }]);
    expect(drafts.textOf(design)).toBe('');
  });

  it('know users from patches and from the snapshot', () => {
    const engine = connected([]);
    const users = useUsersStore();
    expect(users.nameOf('bob' as UserId)).toBe('Unknown user');
    engine.onPatches([{ kind: 'users', users: [{ userId: 'bob' as UserId, displayName: 'Bob' }] }]);
    expect(users.nameOf('bob' as UserId)).toBe('Bob');
    expect(users.nameOf(user.userId)).toBe('Ada');
  });

  it('are empty after the user has logged out', () => {
    connected([room('design', 1)]);
    useEngineStore().disconnect();
    expect(useRoomsStore().sorted).toEqual([]);
  });

  it('handle every kind of patch', () => {
    const kinds = {
      ...{ rooms: true, room_removed: true, removed_from_room: true, users: true, unsent: true, timeline: true },
      ...{ message_changes: true, readers: true, typing: true, presence: true, reload: true },
      ...{ draft: true, draft_images: true, draft_reply: true },
      // By the engine's own store, and by useNotifications.
      ...{ connection: false, storage: false, notice: false },
    } satisfies Record<Patch['kind'], boolean>;
    const onPatch = vi.spyOn(useEngineStore(), 'onPatch');
    startSubscribers();
    const handled = new Set(onPatch.mock.calls.map(([kind]) => kind));
    expect([...handled].sort()).toEqual(
      Object.entries(kinds)
        .flatMap(([kind, inStore]) => (inStore ? [kind] : []))
        .sort(),
    );
  });

  it('skip a change of a message that they do not know', () => {
    const engine = connected([room('design', 1)]);
    const [history, quotes] = [useHistoryStore(), useQuotesStore()];
    const message = { ...{ roomId: design, messageId: 'm' as MessageId, seq: 3, userId: user.userId }, text: 'word' };
    const known: Message = { ...message, createdAt: 1, attachments: [], reactions: [] };
    history.open(design, 3, { messages: [known], more: false, head: 9, moreAfter: true } as never, undefined);
    quotes.know(known);
    for (const data of [null, 7, {}, { messageId: 'm', messageSeq: 3, message: null }]) {
      const changes = [{ event: 'x_unknown', roomId: design, seq: 4, data }] as never;
      engine.onPatches([{ kind: 'message_changes', roomId: design, changes }]);
    }
    expect(history.byRoom.get(design)?.entries).toMatchObject([{ kind: 'message', seq: 3, message: known }]);
    expect(quotes.byId.get(known.messageId)).toEqual(known);
  });

  it('stop receiving patches when they unsubscribe', () => {
    const engine = connected([]);
    const statuses: string[] = [];
    const unsubscribe = useEngineStore().onPatch(
      'connection',
      ({ connection }) => void statuses.push(connection.status),
    );
    engine.onPatches([{ kind: 'connection', connection: { status: 'connecting' }, limits: null }]);
    unsubscribe();
    engine.onPatches([{ kind: 'connection', connection: { status: 'online' }, limits: null }]);
    expect(statuses).toEqual(['connecting']);
  });
});
