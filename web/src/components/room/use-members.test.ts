// @vitest-environment happy-dom
import type { Member, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effectScope, shallowRef, type EffectScope } from 'vue';
import { useEngineStore } from '../../stores/engine.ts';
import { useMembers } from './use-members.ts';

const PAGE = 2;

const memberOf = (name: string): Member => ({ userId: name as UserId, displayName: name, role: 'member' });
const roomOf = (memberCount: number): RoomSummary => ({
  ...{ roomId: 'room-0123456789abcdef' as RoomId, name: 'Engines', members: [], memberCount, createdAt: 0 },
  ...{ head: 0, count: 0, readSeq: 0, readCount: 0, lastMessage: null },
});

/** The room's members at the server, and the answers withheld while `isHolding`. */
let inRoom: string[];
let isHolding: boolean;
let held: (() => void)[];
let scope: EffectScope;
const room = shallowRef(roomOf(0));

function getMembers(_intent: string, { after }: { after?: string }): Promise<object> {
  const start = after === undefined ? 0 : Number(after);
  const end = start + PAGE;
  const page = { members: inRoom.slice(start, end).map(memberOf), ...(end < inRoom.length ? { next: `${end}` } : {}) };
  if (!isHolding) return Promise.resolve(page);
  return new Promise((resolve) => held.push(() => resolve(page)));
}

function open() {
  const members = scope.run(() => useMembers(() => room.value));
  if (members === undefined) throw new Error('The scope has ended.');
  return { ...members, names: () => members.members.value.map(({ displayName }) => displayName) };
}

async function change(...names: string[]): Promise<void> {
  inRoom = names;
  room.value = roomOf(names.length);
  await flushPromises();
}

beforeEach(() => {
  setActivePinia(createPinia());
  const engine = useEngineStore();
  Object.assign(engine, { request: getMembers });
  engine.connection = { status: 'online' };
  [isHolding, held] = [false, []];
  inRoom = ['Ada', 'Bob', 'Cleo', 'Dora', 'Eve'];
  room.value = roomOf(inRoom.length);
  scope = effectScope();
});

afterEach(() => scope.stop());

describe('the list of a room’s members', () => {
  test('is read a page at a time', async () => {
    const { names, loadMore, next } = open();
    await flushPromises();
    expect(names()).toEqual(['Ada', 'Bob']);
    await loadMore();
    await loadMore();
    expect([names(), next.value]).toEqual([['Ada', 'Bob', 'Cleo', 'Dora', 'Eve'], undefined]);
  });

  test('is read again, as far as before, when a member joins or leaves', async () => {
    const { names, loadMore } = open();
    await flushPromises();
    await loadMore();
    await change('Ada', 'Cleo', 'Dora', 'Eve');
    expect(names()).toEqual(['Ada', 'Cleo', 'Dora', 'Eve']);
  });

  test('is read once more when a member leaves while it is being read', async () => {
    isHolding = true;
    const { names } = open();
    await change('Ada');
    isHolding = false;
    for (const answer of held) answer();
    await flushPromises();
    expect(names()).toEqual(['Ada']);
  });

  test('is read again over a new connection', async () => {
    const { names } = open();
    await flushPromises();
    useEngineStore().connection = { status: 'connecting' };
    inRoom = ['Ada', 'Fay'];
    await flushPromises();
    expect(names()).toEqual(['Ada', 'Bob']);
    useEngineStore().connection = { status: 'online' };
    await flushPromises();
    expect(names()).toEqual(['Ada', 'Fay']);
  });

  test('can be read again by the user after a failure', async () => {
    Object.assign(useEngineStore(), { request: () => Promise.reject(new Error('Parley cannot be reached.')) });
    const { names, error, loadMore } = open();
    await flushPromises();
    expect(error.value).toBe('Parley cannot be reached.');
    Object.assign(useEngineStore(), { request: getMembers });
    await loadMore();
    expect([names(), error.value]).toEqual([['Ada', 'Bob'], '']);
  });
});
