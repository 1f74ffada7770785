// @vitest-environment happy-dom
import { LIMITS, type RoomId, type User } from '@parley/protocol';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';
import { ref } from 'vue';
import { useEngineStore } from '../../stores/engine.ts';
import { useMentions } from './use-mentions.ts';

const MEMBERS = 250;
const people = Array.from({ length: MEMBERS }, (_, n) => ({ userId: `user-${n}`, displayName: `Person ${n}` }) as User);
people[MEMBERS - 1] = { ...people[MEMBERS - 1], displayName: 'Zelda' } as User;

let requested: (string | undefined)[];

beforeEach(() => {
  requested = [];
  setActivePinia(createPinia());
});

/** The composer's text, with its caret at the end, in a room of 250. */
function composer(getMembers: (after: string | undefined) => object = pageAfter) {
  const request = async (_intent: string, { after }: { after?: string }): Promise<object> => {
    requested.push(after);
    return getMembers(after);
  };
  Object.assign(useEngineStore(), { request });
  const textarea = ref<HTMLTextAreaElement | null>(document.createElement('textarea'));
  const text = ref('');
  const mentions = useMentions({ roomId: 'room' as RoomId, members: () => people.slice(0, 5), textarea, text });
  const write = async (value: string): Promise<string[]> => {
    if (textarea.value) textarea.value.value = value;
    mentions.update();
    await flushPromises();
    return mentions.offered.value.map(({ displayName }) => displayName);
  };
  return { write };
}

function pageAfter(after = '0'): object {
  const end = Number(after) + LIMITS.membersPerPage;
  return { members: people.slice(Number(after), end), ...(end < MEMBERS && { next: String(end) }) };
}

it('requests no members before an @ is typed', async () => {
  const { write } = composer();
  expect(await write('hello')).toEqual([]);
  expect(requested).toEqual([]);
});

it('requests one page of members if that has enough matches', async () => {
  const { write } = composer();
  expect(await write('@per')).toHaveLength(6);
  expect(requested).toEqual([undefined]);
});

it('requests further pages for a member who is not on the first, once', async () => {
  const { write } = composer();
  expect(await write('@zel')).toEqual(['Zelda']);
  expect(requested).toEqual([undefined, '100', '200']);
  expect(await write('@zeld')).toEqual(['Zelda']);
  expect(requested).toHaveLength(3);
});

it('requests members again at the next key after a failure, and offers the known members until then', async () => {
  let isUp = false;
  const { write } = composer((after) => {
    if (!isUp) throw new Error('no connection');
    return pageAfter(after);
  });
  expect(await write('@person 3')).toEqual(['Person 3']);
  expect(await write('@person 24')).toEqual([]);
  isUp = true;
  expect(await write('@person 240')).toEqual(['Person 240']);
});
