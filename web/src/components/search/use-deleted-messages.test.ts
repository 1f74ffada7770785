// @vitest-environment happy-dom
import type { LastMessage, MessageId, RoomId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useEngineStore } from '../../stores/engine.ts';
import { useTimelinesStore } from '../../stores/timelines.ts';
import { useDeletedMessages } from './use-deleted-messages.ts';

const roomId = 'room' as RoomId;
const found = { roomId, messageId: 'message' as MessageId, seq: 7, text: 'word' } as LastMessage;

function look(answer: () => Promise<readonly object[]>) {
  Object.assign(useEngineStore(), { request: async () => ({ messages: await answer() }) });
  return useDeletedMessages();
}

describe('a message in the search results', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('is there as long as the server has it', async () => {
    const { isGone, isThere } = look(() => Promise.resolve([found]));
    expect([await isThere(found), isGone(found)]).toEqual([true, false]);
  });

  it.each([
    ['has been deleted', [{ ...found, deletedAt: 1 }]],
    ['is not there', []],
  ])('is gone when it %s', async (_case, messages) => {
    const { isGone, isThere } = look(() => Promise.resolve(messages));
    expect([await isThere(found), isGone(found)]).toEqual([false, true]);
  });

  it('is assumed to exist when the server cannot be asked', async () => {
    const { isThere } = look(() => Promise.reject(new Error('offline')));
    expect(await isThere(found)).toBe(true);
  });

  it('is gone as soon as the open room’s timeline shows it as deleted', () => {
    const { isGone } = look(() => Promise.resolve([found]));
    const message = { ...found, attachments: [], reactions: [], deletedAt: 1 };
    useTimelinesStore().apply({
      replace: true,
      timeline: { roomId, entries: [{ kind: 'message', seq: 7, message }], more: false, state: 'ready' },
    });
    expect(isGone(found)).toBe(true);
  });
});
