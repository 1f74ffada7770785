// @vitest-environment happy-dom
import type { UserId } from '@parley/protocol';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import { useEngineStore } from '../stores/engine.ts';
import type { ShownPeople } from '../stores/presence.ts';
import type { Intent } from '../engine/protocol/messages.ts';
import { reportShownPresence, useShownPresence } from './use-shown-presence.ts';

const [ada, bob, eve] = ['ada' as UserId, 'bob' as UserId, 'eve' as UserId];
let watched: ShownPeople[];
let scope: EffectScope;

beforeEach(() => {
  setActivePinia(createPinia());
  watched = [];
  const request = (_intent: Intent, data: ShownPeople): Promise<null> => {
    watched.push(data);
    return Promise.resolve(null);
  };
  Object.assign(useEngineStore(), { request });
  scope = effectScope();
  scope.run(reportShownPresence);
});

afterEach(() => {
  scope.stop();
  vi.restoreAllMocks();
});

const part = (people: () => ShownPeople): EffectScope => {
  const shown = effectScope();
  shown.run(() => useShownPresence(people));
  return shown;
};

describe('the list of users whose presence is on the screen', () => {
  test('combines all parts of the page, with each user once', async () => {
    part(() => ({ userIds: [bob, ada], pushed: true }));
    const panel = part(() => ({ userIds: [eve, bob], pushed: false }));
    await nextTick();
    panel.stop();
    await nextTick();
    expect(watched).toEqual([
      { userIds: [ada, bob, eve], pushed: false },
      { userIds: [ada, bob], pushed: true },
    ]);
  });

  test('is sent again only when it changes', async () => {
    const people = shallowRef([ada]);
    part(() => ({ userIds: people.value, pushed: true }));
    await nextTick();
    people.value = [ada];
    await nextTick();
    expect(watched).toHaveLength(1);
    people.value = [bob];
    await nextTick();
    expect(watched.at(-1)).toEqual({ userIds: [bob], pushed: true });
  });

  test('is empty while the page is hidden', async () => {
    part(() => ({ userIds: [ada], pushed: false }));
    await nextTick();
    const state = vi.spyOn(document, 'visibilityState', 'get');
    for (const now of ['hidden', 'visible'] as const) {
      state.mockReturnValue(now);
      document.dispatchEvent(new Event('visibilitychange'));
      await nextTick();
    }
    expect(watched.map(({ userIds }) => userIds)).toEqual([[ada], [], [ada]]);
  });
});
