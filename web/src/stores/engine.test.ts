// @vitest-environment happy-dom
import type { MessageId, OwnUser, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEngine, type EngineListener } from '../engine/page/engine-client.ts';
import type { Snapshot } from '../engine/protocol/messages.ts';
import { useDraftsStore } from './drafts.ts';
import { useEngineStore } from './engine.ts';
import { useOutboxStore } from './outbox.ts';
import { useRoomsStore } from './rooms.ts';
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
  useEngineStore().connect(user);
  if (listener === undefined) throw new Error('the store did not connect');
  listener.onSnapshot(snapshot(rooms));
  return listener;
}

describe('what the engine tells', () => {
  beforeEach(() => setActivePinia(createPinia()));
  afterEach(() => {
    useEngineStore().disconnect();
    localStorage.clear();
  });

  it('lists the rooms by their newest activity', () => {
    const engine = connected([room('old', 1), room('new', 3)]);
    const rooms = useRoomsStore();
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['new', 'old']);
    engine.onPatches([{ kind: 'rooms', rooms: [room('old', 4)], roomsLoaded: true }]);
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['old', 'new']);
    engine.onPatches([{ kind: 'room_removed', roomId: 'old' as RoomId }]);
    expect(rooms.sorted.map(({ roomId }) => roomId)).toEqual(['new']);
  });

  it('knows who removed one, though the room is heard of once more, until one is in it again', () => {
    const engine = connected([room('design', 1)]);
    const rooms = useRoomsStore();
    const heard = { kind: 'rooms', rooms: [room('design', 2)], roomsLoaded: true } as const;
    const removal = { kind: 'removed_from_room', roomId: design, removedBy: 'bob' as UserId } as const;
    engine.onPatches([removal, heard, { kind: 'room_removed', roomId: design }]);
    expect(rooms.removals.get(design)).toBe('bob');
    engine.onPatches([heard]);
    expect(rooms.removals.has(design)).toBe(false);
  });

  it('counts what is unread, and the mentions among it', () => {
    const engine = connected([room('design', 1, { head: 9, count: 7, readSeq: 4, readCount: 3, mentionCount: 2 })]);
    const rooms = useRoomsStore();
    expect([rooms.unreadTotal, rooms.mentionTotal]).toEqual([4, 2]);
    const read = room('design', 1, { head: 9, count: 7, readSeq: 9, readCount: 7, mentionCount: 0 });
    engine.onPatches([{ kind: 'rooms', rooms: [read], roomsLoaded: true }]);
    expect([rooms.unreadTotal, rooms.mentionTotal]).toEqual([0, 0]);
  });

  it('keeps the place of an unsent message when its status changes', () => {
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

  it('takes drafts of other tabs, not its own back', () => {
    const engine = connected([]);
    const drafts = useDraftsStore();
    engine.onPatches([{ kind: 'draft', roomId: design, text: 'theirs', origin: 'other-tab' }]);
    engine.onPatches([{ kind: 'draft', roomId: design, text: 'late echo', origin: 'this-tab' }]);
    expect(drafts.textOf(design)).toBe('theirs');
    engine.onPatches([{ kind: 'draft', roomId: design, text: '', origin: null }]);
    expect(drafts.textOf(design)).toBe('');
  });

  it('knows people from rooms and by themselves', () => {
    const engine = connected([]);
    const users = useUsersStore();
    expect(users.nameOf('bob' as UserId)).toBe('Someone');
    engine.onPatches([{ kind: 'users', users: [{ userId: 'bob' as UserId, displayName: 'Bob' }] }]);
    expect(users.nameOf('bob' as UserId)).toBe('Bob');
    expect(users.nameOf(user.userId)).toBe('Ada');
  });

  it('is forgotten when one is no longer signed in', () => {
    connected([room('design', 1)]);
    useEngineStore().disconnect();
    expect(useRoomsStore().sorted).toEqual([]);
  });
});
