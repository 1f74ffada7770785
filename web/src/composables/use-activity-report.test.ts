// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useEngineStore } from '../stores/engine.ts';
import type { Intent } from '../engine/protocol/messages.ts';
import { useActivityReport } from './use-activity-report.ts';

const EVERY_MS = 30_000;
let requests: Intent[];
let scope: EffectScope;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  setActivePinia(createPinia());
  requests = [];
  const request = (intent: Intent): Promise<null> => {
    requests.push(intent);
    return Promise.resolve(null);
  };
  Object.assign(useEngineStore(), { request });
  scope = effectScope();
  scope.run(useActivityReport);
});

afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  document.body.replaceChildren();
});

const input = (kind: string, target: EventTarget = document.body): boolean =>
  target.dispatchEvent(new Event(kind, { bubbles: true }));

describe('activity in the tab is reported', () => {
  test.each(['keydown', 'pointerdown', 'wheel', 'touchstart', 'touchmove'])('for a %s', (kind) => {
    input(kind);
    expect(requests).toEqual(['set_active']);
  });

  test('for a key whose propagation a component stops', () => {
    const field = document.body.appendChild(document.createElement('input'));
    field.addEventListener('keydown', (event) => event.stopPropagation());
    input('keydown', field);
    expect(requests).toEqual(['set_active']);
  });

  test('at most every 30 s, however much is typed', () => {
    for (let key = 0; key < 30; key += 1) {
      input('keydown');
      vi.advanceTimersByTime(EVERY_MS / 30 - 1);
    }
    expect(requests).toHaveLength(1);
    vi.advanceTimersByTime(30);
    input('wheel');
    input('keydown');
    expect(requests).toHaveLength(2);
  });

  test('neither without input nor after the page was left', () => {
    vi.advanceTimersByTime(EVERY_MS * 3);
    input('focus');
    scope.stop();
    input('keydown');
    expect(requests).toEqual([]);
  });
});
