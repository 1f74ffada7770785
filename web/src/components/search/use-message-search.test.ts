// @vitest-environment happy-dom
import type { LastMessage, RoomId, UserId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useEngineStore } from '../../stores/engine.ts';
import type { Intents } from '../../engine/protocol/messages.ts';
import { useMessageSearch } from './use-message-search.ts';

type SearchRequest = Intents['search_messages']['data'];
type Page = Intents['search_messages']['ok'];

/** The requests to the engine, and its answers, which are withheld until the test releases them. */
class ScriptedEngine {
  readonly requests: SearchRequest[] = [];
  readonly #answers: { resolve: (page: Page) => void; reject: (failure: Error) => void }[] = [];

  request = (_intent: string, data: SearchRequest): Promise<Page> => {
    this.requests.push(data);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  };

  /** @param nth index of the request */
  async answer(nth: number, texts: readonly string[], next?: string): Promise<void> {
    const messages = texts.map((text) => ({ text }) as LastMessage);
    this.#answers[nth]?.resolve({ messages, users: [], ...(next === undefined ? {} : { next }) });
    await settled();
  }

  async refuse(nth: number): Promise<void> {
    this.#answers[nth]?.reject(new Error('The server is busy. Try again.'));
    await settled();
  }
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

let scope: EffectScope;

async function open(status: 'online' | 'connecting' = 'online', query = ref('')) {
  const script = new ScriptedEngine();
  const engine = useEngineStore();
  Object.assign(engine, { request: script.request });
  engine.connection = { status };
  const [roomId, userId] = [ref<RoomId | null>(null), ref<UserId | null>(null)];
  const made = scope.run(() => useMessageSearch({ query, roomId: () => roomId.value, userId: () => userId.value }));
  if (made === undefined) throw new Error('The scope has ended.');
  const search = made;
  const type = async (text: string, pauseMs = 1_000): Promise<void> => {
    search.query.value = text;
    await nextTick();
    await vi.advanceTimersByTimeAsync(pauseMs);
  };
  const texts = (): string[] => search.messages.value.map(({ text }) => text);
  await settled();
  return { script, engine, search, roomId, userId, type, texts };
}

describe('the message search', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    setActivePinia(createPinia());
    scope = effectScope();
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
  });

  it('searches at once for text that is in the field already, as when the panel has moved', async () => {
    const { script, search, texts } = await open('online', ref('engine'));
    await vi.advanceTimersByTimeAsync(0);
    expect(script.requests).toEqual([{ query: 'engine', limit: 20 }]);
    expect(search.state.value).toBe('searching');
    await script.answer(0, ['engine']);
    expect(texts()).toEqual(['engine']);
  });

  it('searches when the user pauses typing, for the text at that time', async () => {
    const { script, search, type, texts } = await open();
    await type('en', 100);
    expect([search.state.value, script.requests]).toEqual(['searching', []]);
    await type(' engine ');
    expect(script.requests).toEqual([{ query: 'engine', limit: 20 }]);
    await script.answer(0, ['The engine']);
    expect([search.state.value, texts(), search.foundBy.value]).toEqual(['found', ['The engine'], 'engine']);
  });

  it('does not search for text without a letter or digit', async () => {
    const { script, search, type } = await open();
    await type(' .* ');
    expect([search.state.value, script.requests]).toEqual(['idle', []]);
  });

  it('searches again when the room or the author changes', async () => {
    const { script, roomId, userId, type } = await open();
    await type('engine');
    [roomId.value, userId.value] = ['room' as RoomId, 'ada' as UserId];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(script.requests.at(-1)).toEqual({ query: 'engine', limit: 20, roomId: 'room', userId: 'ada' });
  });

  it('never shows the answer to an older search', async () => {
    const { script, type, texts } = await open();
    await type('old');
    await type('new');
    await script.answer(1, ['new']);
    await script.answer(0, ['old']);
    expect(texts()).toEqual(['new']);
  });

  it('keeps its results until the next answer arrives, and clears them when the field is emptied', async () => {
    const { script, search, type, texts } = await open();
    await type('one');
    await script.answer(0, ['one']);
    await type('two');
    expect([search.state.value, texts(), search.foundBy.value]).toEqual(['found', ['one'], 'one']);
    await type('');
    expect([search.state.value, texts()]).toEqual(['idle', []]);
  });

  it('adds page to page, one at a time, up to the last', async () => {
    const { script, search, type, texts } = await open();
    await type('engine');
    await script.answer(0, ['a', 'b'], 'next-1');
    void search.loadMore();
    void search.loadMore();
    expect(script.requests.slice(1)).toEqual([{ query: 'engine', limit: 20, before: 'next-1' }]);
    await script.answer(1, ['c']);
    await search.loadMore();
    expect([texts(), script.requests.length]).toEqual([['a', 'b', 'c'], 2]);
  });

  it('keeps its results when a further page cannot be loaded, and can retry that page', async () => {
    const { script, search, type, texts } = await open();
    await type('engine');
    await script.answer(0, ['a'], 'next-1');
    void search.loadMore();
    await script.refuse(1);
    expect([texts(), search.error.value]).toEqual([['a'], 'The server is busy. Try again.']);
    void search.loadMore();
    await script.answer(2, ['b']);
    expect([texts(), search.error.value]).toEqual([['a', 'b'], '']);
  });

  it('shows why it failed, and searches again on request', async () => {
    const { script, search, type, texts } = await open();
    await type('engine');
    await script.refuse(0);
    expect([search.state.value, search.error.value]).toEqual(['failed', 'The server is busy. Try again.']);
    search.retry();
    await settled();
    await script.answer(1, ['a']);
    expect([search.state.value, texts()]).toEqual(['found', ['a']]);
  });

  it('waits for a connection and then searches', async () => {
    const { script, engine, search, type } = await open('connecting');
    await type('engine');
    expect([search.state.value, script.requests]).toEqual(['offline', []]);
    engine.connection = { status: 'online' };
    await settled();
    expect([search.state.value, script.requests.length]).toEqual(['searching', 1]);
    engine.connection = { status: 'connecting' };
    await settled();
    expect(search.state.value).toBe('offline');
    await script.answer(0, ['late']);
    expect(search.messages.value).toEqual([]);
  });

  it('loads the next page when the connection is back', async () => {
    const { script, engine, search, type, texts } = await open();
    await type('engine');
    await script.answer(0, ['a'], 'next-1');
    void search.loadMore();
    engine.connection = { status: 'connecting' };
    await script.refuse(1);
    expect([search.state.value, texts()]).toEqual(['found', ['a']]);
    engine.connection = { status: 'online' };
    await settled();
    await script.answer(2, ['b']);
    expect([texts(), search.error.value]).toEqual([['a', 'b'], '']);
  });

  it('sends no request after it is closed', async () => {
    const { script, type } = await open();
    await type('engine', 0);
    scope.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(script.requests).toEqual([]);
  });
});
