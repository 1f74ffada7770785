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

  it('exists while the server has it', async () => {
    const { isDeleted, exists } = look(() => Promise.resolve([found]));
    expect([await exists(found), isDeleted(found)]).toEqual([true, false]);
  });

  it.each([
    ['is marked as deleted', [{ ...found, deletedAt: 1 }]],
    ['is unknown to the server', []],
  ])('is deleted when it %s', async (_case, messages) => {
    const { isDeleted, exists } = look(() => Promise.resolve(messages));
    expect([await exists(found), isDeleted(found)]).toEqual([false, true]);
  });

  it('is assumed to exist when the server cannot be asked', async () => {
    const { exists } = look(() => Promise.reject(new Error('offline')));
    expect(await exists(found)).toBe(true);
  });

  it('is deleted as soon as the open room’s timeline shows it as deleted', () => {
    const { isDeleted } = look(() => Promise.resolve([found]));
    const message = { ...found, attachments: [], reactions: [], deletedAt: 1 };
    useTimelinesStore().apply({
      replace: true,
      timeline: { roomId, entries: [{ kind: 'message', seq: 7, message }], more: false, state: 'ready' },
    });
    expect(isDeleted(found)).toBe(true);
  });
});
